// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/add_bias.hpp"
#include "engine/cuda/apply_norm.hpp"
#include "engine/cuda/channel_sums.hpp"
#include "engine/cuda/head.hpp"
#include "engine/cuda/join_channels.hpp"
#include "engine/cuda/stem.hpp"
#include "engine/cuda/strided_stem.hpp"
#include "engine/cuda/window_contrast.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lmc::engine::cuda {

/// How a convolution goes over its input.
struct ConvShape {
  std::int64_t stride = 1;
  std::int64_t padding = 0; ///< zeros
  std::int64_t groups = 1;
};

/// What computes: a GPU, or in tests the host.
class Backend {
public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  virtual void run(const MeasureContrast& kernel) = 0;
  virtual void run(const Stem& kernel) = 0;
  virtual void run(const SumChannels& kernel) = 0;
  virtual void run(const FinishNorm& kernel) = 0;
  virtual void run(const ApplyNorm& kernel) = 0;
  virtual void run(const Head& kernel) = 0;
  virtual void run(const StridedStem& kernel) = 0;
  virtual void run(const AddBias& kernel) = 0;
  virtual void run(const JoinChannels& kernel) = 0;

  /// Convolution without bias, half precision in and out, sums in float32; all NHWC in memory.
  /// @param input [n, inputs, height, width] @param weight [outputs, inputs / groups,
  /// k, k]
  [[nodiscard]] virtual at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                                            const ConvShape& shape) = 0;

  /// Transposed convolution, stride 2, padding 1, output padding 1. @param weight [inputs, outputs,
  /// 3, 3]
  [[nodiscard]] virtual at::Tensor convolve_transposed(const at::Tensor& input,
                                                       const at::Tensor& weight) = 0;
};

} // namespace lmc::engine::cuda
