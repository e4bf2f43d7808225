// SPDX-License-Identifier: Apache-2.0
// The kernels on a GPU. What each computes is in its own header; no header of LibTorch is read
// here, which keeps four architectures quick to compile.
#include "engine/cuda/kernels/kernel_call.hpp"

#include <mma.h>

#include <stdexcept>
#include <string>

namespace lmc::engine::cuda {

namespace {

/// HostBlock's counterpart: bodies run on the block's own threads.
struct DeviceBlock {
  int x;
  int y;

  template <class Body> __device__ void each(const Body& body) const {
    body(static_cast<int>(threadIdx.x));
    __syncthreads();
  }

  template <class Body> __device__ void each_warp(const Body& body) const {
    body(static_cast<int>(threadIdx.x) / warp_threads);
    __syncthreads();
  }

  using Matrix = nvcuda::wmma::fragment<nvcuda::wmma::accumulator, matrix_rows, matrix_columns,
                                        matrix_depth, float>;

  __device__ static Matrix load(const float* sums) {
    Matrix matrix;
    nvcuda::wmma::load_matrix_sync(matrix, sums, matrix_columns, nvcuda::wmma::mem_row_major);
    return matrix;
  }

  __device__ static void store(const Matrix& matrix, float* sums) {
    nvcuda::wmma::store_matrix_sync(sums, matrix, matrix_columns, nvcuda::wmma::mem_row_major);
  }

  __device__ static void multiply_add(Matrix& matrix, const Half* a, int a_pitch, const Half* b) {
    using namespace nvcuda::wmma;
    fragment<matrix_a, matrix_rows, matrix_columns, matrix_depth, __half, row_major> left;
    fragment<matrix_b, matrix_rows, matrix_columns, matrix_depth, __half, row_major> right;
    load_matrix_sync(left, reinterpret_cast<const __half*>(a), a_pitch);
    load_matrix_sync(right, reinterpret_cast<const __half*>(b), matrix_columns);
    mma_sync(matrix, left, right, matrix);
  }
};

template <class Kernel>
__global__ void __launch_bounds__(Kernel::threads) run(const Kernel kernel) {
  __shared__ typename Kernel::Shared shared;
  DeviceBlock block{static_cast<int>(blockIdx.x), static_cast<int>(blockIdx.y)};
  kernel(block, shared);
}

template <class Kernel> void start(const Kernel& kernel, cudaStream_t stream) {
  const Grid grid = kernel.grid();
  const dim3 blocks{static_cast<unsigned>(grid.x), static_cast<unsigned>(grid.y)};
  run<<<blocks, Kernel::threads, 0, stream>>>(kernel);
  if (const cudaError_t problem = cudaGetLastError(); problem != cudaSuccess) {
    throw std::runtime_error{std::string{"a CUDA kernel could not be started: "} +
                             cudaGetErrorString(problem)};
  }
}

} // namespace

void launch(const KernelCall& call, Stream stream) {
  std::visit([&](const auto& kernel) { start(kernel, static_cast<cudaStream_t>(stream)); }, call);
}

} // namespace lmc::engine::cuda
