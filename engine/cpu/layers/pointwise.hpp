// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/winograd/winograd_conv.hpp"

#include <span>

namespace lmc::engine::cpu {

/// A 1x1 convolution; channels are multiples of `channel_multiple`.
struct PointwiseSizes {
  Index inputs = 0;
  Index outputs = 0;
  Index stride = 1;
};

/// What a 1x1 convolution reads and writes, all NHWC.
struct PointwiseImages {
  const float* input = nullptr;    ///< [height, width, inputs]
  const float* residual = nullptr; ///< added before the activation, as `result`, or none
  float* result = nullptr;         ///< [height / stride, width / stride, outputs]
};

/// Some output pixels and channels: what a thread does at a time.
struct PointwiseBlock {
  PointwiseSizes sizes;
  PointwiseImages images;
  Index output_width = 0;
  Index input_width = 0;
  Index first_pixel = 0;
  Index pixels = 0;
  Index first_output = 0;
  Index outputs = 0;
  const float* kernels = nullptr; ///< as packed by PointwiseConv
  const float* bias = nullptr;
  bool relu = false;
  float* scratch = nullptr; ///< pixels * (inputs + line_floats)
};

/// Computes a block with the best instruction set of this machine.
void run_pointwise_block(const PointwiseBlock& block);

/// A 1x1 convolution with bias: the matrix product y[pixel] = sum over inputs of x[pixel] W + b.
/// The pixels of a block are copied once into rows that do not lie a power of two apart (twelve
/// pixels of 1024 channels would meet in one cache set); then panel after panel of the kernels
/// stays in the L2 cache while all of these pixels pass.
class PointwiseConv {
public:
  /// @param weights [outputs, inputs]
  /// @param bias [outputs]
  PointwiseConv(const PointwiseSizes& sizes, std::span<const float> weights,
                std::span<const float> bias, Team& team);

  [[nodiscard]] const PointwiseSizes& sizes() const { return sizes_; }

  /// @param input_size height and width of the input, multiples of the stride
  void run(Size input_size, const PointwiseImages& images, Activation activation,
           Workspace& workspace, Team& team) const;

  /// Floats of one thread's scratch.
  [[nodiscard]] Index scratch_floats(Size input_size) const;

private:
  PointwiseSizes sizes_;
  Buffer kernels_; ///< [panel of outputs][input][output of the panel]
  Buffer bias_;
};

} // namespace lmc::engine::cpu
