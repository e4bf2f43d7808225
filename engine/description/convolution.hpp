// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <numeric>
#include <span>
#include <vector>

namespace lmc::engine {

/// What a norm has besides the image, [channels] each: y = (x - mean) * factor + shift.
struct NormParameters {
  std::vector<float> mean;   ///< of a batch norm, whose factor is complete; empty: from the image
  std::vector<float> factor; ///< empty: one
  std::vector<float> shift;  ///< empty: zero
};

/// What follows a convolution and its bias.
enum class Activation { none, relu };

/// A convolution in the layout of the state dict, with nothing padded and nothing rounded, and what
/// follows it: y = conv(x) * factor + bias, or a norm as a step of its own. The spans are read
/// while an engine packs its weights, not afterwards.
struct ConvDescription {
  /// One tensor for each part of the outputs: [outputs, inputs / groups, kernel, kernel], of a
  /// transposed convolution [inputs, outputs, 3, 3].
  std::vector<std::span<const float>> weights;
  std::vector<Index> inputs;  ///< channels of the images that are read as one, in their order
  std::vector<Index> outputs; ///< channels of each part
  Index kernel = 3;
  Index stride = 1;
  Index groups = 1;
  bool transposed = false;   ///< stride 2, padding 1, output padding 1: twice the height and width
  std::vector<float> factor; ///< of the batch norm that is folded in, [outputs]; empty: one
  std::vector<float> bias;   ///< [outputs]; empty: there is a norm
  NormParameters norm;

  [[nodiscard]] Index input_channels() const {
    return std::accumulate(inputs.begin(), inputs.end(), Index{0});
  }
  [[nodiscard]] Index output_channels() const {
    return std::accumulate(outputs.begin(), outputs.end(), Index{0});
  }
  [[nodiscard]] Index taps() const { return kernel * kernel; }
};

/// The first convolution, 7x7 from one channel, and the norm behind it.
struct StemDescription {
  std::span<const float> weight; ///< [channels, 1, 7, 7]
  Index channels = 0;
  NormParameters norm;
};

/// The last convolution of a generator's decoder: 7x7 to one channel, then tanh.
struct HeadDescription {
  std::span<const float> weight; ///< [1, channels, 7, 7]
  float bias = 0;
};

} // namespace lmc::engine
