// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lmc::engine::cuda {

/// A CUDA stream (cudaStream_t), named without CUDA's headers.
using Stream = void*;

/// Starts a kernel on the current device and returns at once. For the kernels named at the end of
/// kernels.cu: this header's readers are not compiled for a GPU.
/// @throws std::runtime_error when it cannot be started
template <class Kernel> void launch(const Kernel& kernel, Stream stream);

} // namespace lmc::engine::cuda
