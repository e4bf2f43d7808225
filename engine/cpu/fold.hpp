// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// A convolution without bias and the batch norm behind it: y = conv(x) * factor + shift.
struct NormedConv {
  std::span<const float> weight; ///< [outputs, group inputs, taps]
  std::vector<float> factor;     ///< [outputs]
  std::vector<float> shift;      ///< [outputs]

  [[nodiscard]] Index outputs() const { return std::ssize(factor); }
};

/// The same as one convolution with bias, channels padded: conv(x) * f = conv with weights times f.
struct FoldedConv {
  std::vector<float> weight; ///< [padded outputs, padded group inputs, taps]
  std::vector<float> bias;   ///< [padded outputs]
  Index groups = 1;
};

/// Folds a convolution whose inputs lie in several images one after the other, each padded.
/// @param parts channels of each image
/// @throws std::invalid_argument when the weight's size does not suit them
[[nodiscard]] FoldedConv folded(const NormedConv& conv, std::span<const Index> parts, Index taps);

/// Folds a grouped 3x3 convolution with as many outputs as inputs. Groups narrower than
/// `channel_multiple` are merged, with zeros between them, until their channels fill vectors; where
/// they never do, all are merged.
[[nodiscard]] FoldedConv folded_groups(const NormedConv& conv, Index groups);

} // namespace lmc::engine::cpu
