// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/kernel_call.hpp"
#include "model/layers.hpp"

#include <ATen/core/Tensor.h>

namespace lmc::engine::cuda {

using model::ConvShape;

/// What computes: a GPU, or in tests the host.
class Backend {
public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  virtual void run(const KernelCall& call) = 0;

  /// Convolution without bias, half precision in and out, sums in float32; all NHWC in memory.
  /// @param input [n, inputs, height, width]
  /// @param weight [outputs, inputs / groups, k, k]
  [[nodiscard]] virtual at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                                            const ConvShape& shape) = 0;
};

} // namespace lmc::engine::cuda
