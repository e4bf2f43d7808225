// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

namespace lmc::engine::cpu {

using lmc::Index;

/// Height and width of an image, pixels.
struct Size {
  Index height = 0;
  Index width = 0;

  [[nodiscard]] constexpr Index pixels() const { return height * width; }
  friend bool operator==(const Size&, const Size&) = default;
};

/// Channels of a pixel lie side by side (NHWC) and are filled up with zeros to a multiple of this,
/// the longest vector's lanes (AVX-512), so that no kernel has a remainder.
inline constexpr Index channel_multiple = 16;

/// A cache line.
inline constexpr Index line_floats = 16;

/// `a / b`, rounded up.
[[nodiscard]] constexpr Index divide_up(Index a, Index b) {
  return (a + b - 1) / b;
}

[[nodiscard]] constexpr Index padded_channels(Index channels) {
  return divide_up(channels, channel_multiple) * channel_multiple;
}

/// Reflection without repeating the border: -1 -> 1, n -> n - 2. Needs 1 - n <= i <= 2 n - 2.
[[nodiscard]] constexpr Index reflected(Index i, Index n) {
  const Index folded = i < 0 ? -i : i;
  return folded < n ? folded : 2 * n - 2 - folded;
}

} // namespace lmc::engine::cpu
