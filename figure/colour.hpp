// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lmc::figure {

/// Red, green and blue, sRGB.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const Colour&, const Colour&) = default;
};

inline constexpr Colour black{0, 0, 0};
inline constexpr Colour white{255, 255, 255};

/// The colour on its way from `from` (0) to `to` (1).
[[nodiscard]] Colour mixed(Colour from, Colour to, float part);

/// What an organelle is drawn in on black: Okabe and Ito's colours for the colour-blind,
/// brightened.
[[nodiscard]] Colour tint_of(Organelle organelle);

/// Colour number `index` of a palette for the colour-blind (Okabe and Ito) on white, as "#rrggbb".
[[nodiscard]] std::string_view chart_colour(std::size_t index);

/// Colour of a value in [0, 1] on viridis: equal steps look equally large, in grey and to the
/// colour-blind too. Values beyond are clamped, NaN is black.
[[nodiscard]] Colour viridis(double value);

/// The map from 0 to 1 as a CSS `linear-gradient`.
[[nodiscard]] std::string viridis_gradient();

} // namespace lmc::figure
