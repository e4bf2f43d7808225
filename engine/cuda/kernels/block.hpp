// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/half.hpp"

#include <cstring>
#include <memory>

namespace lmc::engine::cuda {

// A kernel here is a struct: its members are the arguments, `threads` the size of a block, `Shared`
// what a block's threads share, `grid()` the number of blocks, and its call operator what one block
// does, as phases: block.each(body) calls body(thread) for all threads and waits for them. So the
// same code runs on a GPU (kernels.cu) and, thread after thread, on the host.

/// Blocks of a kernel along two axes.
struct Grid {
  int x = 1;
  int y = 1;
};

/// Product of matrices by one warp: 32 x 16 by 16 x 8, what tensor cores multiply at once.
inline constexpr int warp_threads = 32;
inline constexpr int matrix_rows = 32;
inline constexpr int matrix_columns = 8;
inline constexpr int matrix_depth = 16;

/// One block on the host.
struct HostBlock {
  int x = 0; ///< place in the grid
  int y = 0;
  int threads = 0;
  bool backwards = false; ///< the last thread first: must change nothing

  template <class Body> void each(const Body& body) const { each_of(threads, body); }

  /// As each(), for warps.
  template <class Body> void each_warp(const Body& body) const {
    each_of(threads / warp_threads, body);
  }

  /// Sums of products, kept by a warp in its registers.
  struct Matrix {
    float value[matrix_rows][matrix_columns];
  };

  /// @param sums [32, 8]
  [[nodiscard]] static Matrix load(const float* sums) {
    Matrix matrix;
    std::memcpy(&matrix, sums, sizeof(matrix));
    return matrix;
  }

  static void store(const Matrix& matrix, float* sums) {
    std::memcpy(sums, &matrix, sizeof(matrix));
  }

  /// matrix += a b. @param a [32, 16], rows `a_pitch` apart @param b [16, 8]
  static void multiply_add(Matrix& matrix, const Half* a, int a_pitch, const Half* b) {
    float right[matrix_depth][matrix_columns];
    for (int i = 0; i < matrix_depth * matrix_columns; ++i) {
      right[i / matrix_columns][i % matrix_columns] = to_float(b[i]);
    }
    for (int row = 0; row < matrix_rows; ++row) {
      for (int k = 0; k < matrix_depth; ++k) {
        const float left = to_float(a[row * a_pitch + k]);
        for (int column = 0; column < matrix_columns; ++column) {
          matrix.value[row][column] += left * right[k][column];
        }
      }
    }
  }

private:
  template <class Body> void each_of(int count, const Body& body) const {
    for (int i = 0; i < count; ++i) {
      body(backwards ? count - 1 - i : i);
    }
  }
};

/// Runs a kernel on the host, block after block. What they share starts as NaN.
template <class Kernel> void run_on_host(const Kernel& kernel, bool backwards = false) {
  const auto shared = std::make_unique<typename Kernel::Shared>();
  const Grid grid = kernel.grid();
  for (int y = 0; y < grid.y; ++y) {
    for (int x = 0; x < grid.x; ++x) {
      std::memset(static_cast<void*>(shared.get()), 0xff, sizeof(*shared));
      HostBlock block{.x = x, .y = y, .threads = Kernel::threads, .backwards = backwards};
      kernel(block, *shared);
    }
  }
}

/// For kernels whose threads share nothing.
struct NothingShared {};

LMC_HOST_DEVICE constexpr int divide_up(int a, int b) {
  return (a + b - 1) / b;
}

/// How a block's threads share pixels of `channels` channels: neighbouring threads take
/// neighbouring vectors of one pixel, so that memory is read in lines.
struct Lanes {
  LMC_HOST_DEVICE Lanes(int threads, int channels)
      : columns{channels / vector_channels}, rows{threads / columns} {}

  LMC_HOST_DEVICE int column(int thread) const { return thread % columns; }
  LMC_HOST_DEVICE int row(int thread) const { return thread / columns; }
  /// Whether the thread has work: the rest of an uneven division idles.
  LMC_HOST_DEVICE bool busy(int thread) const { return row(thread) < rows; }

  int columns; ///< vectors of a pixel
  int rows;    ///< pixels at once
};

} // namespace lmc::engine::cuda
