// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"
#include "engine/description/convolution.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// A convolution with the channels of each of its images filled up with zeros, whatever is folded
/// in multiplied: conv(x) * f = conv with weights times f.
struct PaddedConv {
  Index inputs = 0;
  Index outputs = 0;
  Index groups = 1;
  std::vector<float> weight; ///< [outputs, inputs / groups, taps], of transposed ones too
  std::vector<float> bias;   ///< [outputs], or empty as in the description
  NormParameters norm;       ///< [outputs] each, or empty; padding has mean, factor and shift 0
};

/// Groups narrower than `channel_multiple` are merged, with zeros between them, until their
/// channels fill vectors; where they never do, all are merged.
/// @throws std::invalid_argument when a weight's size does not suit the channels
[[nodiscard]] PaddedConv padded(const ConvDescription& conv);

/// A weight [channels, taps] with its channels filled up with zeros.
/// @throws std::invalid_argument when `weight` has another number of values
[[nodiscard]] std::vector<float> padded_kernels(std::span<const float> weight, Index channels,
                                                Index taps);

/// The parameters of a norm of one image.
[[nodiscard]] NormParameters padded(const NormParameters& norm);

} // namespace lmc::engine::cpu
