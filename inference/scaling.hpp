// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lmc::inference {

/// Grey value as the networks see it: v / 65535 * 2 - 1, in [-1, 1]. Float32 at every step, as the
/// published inference code computes it.
[[nodiscard]] constexpr float scaled_of(std::uint16_t grey) {
  return static_cast<float>(grey) / 65535.0F * 2.0F + -1.0F;
}

/// Back to the scale of grey values: (y + 1) / 2 * 65535. Neither rounded nor clamped.
[[nodiscard]] constexpr float grey_of(float scaled) {
  return (scaled + 1.0F) / 2.0F * 65535.0F;
}

/// Grey values of 16 bits: the length of a table of them.
inline constexpr std::size_t grey_values = 65536;

/// Every grey value through scaled_of. @return [grey_values]
[[nodiscard]] std::vector<float> scaled_greys();

/// Every pixel through grey_of.
[[nodiscard]] Plane<float> greys_of(PlaneView<const float> scaled);

/// Pixels of an output file, and how many had to be changed beyond rounding.
struct RoundedPlane {
  Plane<std::uint16_t> pixels;
  std::uint64_t clamped = 0; ///< below 0 or above 65535 by more than rounding mends, or NaN
};

/// Rounds grey values to the nearest integer (halves to even) and clamps them to [0, 65535]; NaN
/// becomes 0.
[[nodiscard]] RoundedPlane rounded(const Plane<float>& greys);

} // namespace lmc::inference
