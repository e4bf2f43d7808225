// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/norm.hpp"
#include "engine/cpu/shape.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// Channels of a 3x3 convolution's weight, without padding.
struct WeightShape {
  Index outputs = 0;
  Index inputs = 0;
};

/// A weight [outputs, inputs, 3, 3] with both channels filled up with zeros.
/// @throws std::invalid_argument when `weight` has another number of values
[[nodiscard]] std::vector<float> padded_weight(std::span<const float> weight,
                                               const WeightShape& shape);

/// The same of a transposed convolution's weight [inputs, outputs, 3, 3].
[[nodiscard]] std::vector<float> padded_transposed_weight(std::span<const float> weight,
                                                          const WeightShape& shape);

/// A weight [channels, taps] with its channels filled up with zeros.
/// @throws std::invalid_argument when `weight` has another number of values
[[nodiscard]] std::vector<float> padded_kernels(std::span<const float> weight, Index channels,
                                                Index taps);

/// Parameters of several norms side by side, each filled up to `padded_channels(channels)`.
/// Padding has mean, factor and shift 0.
[[nodiscard]] NormParameters concatenated(std::span<const NormParameters> norms, Index channels);

} // namespace lmc::engine::cpu
