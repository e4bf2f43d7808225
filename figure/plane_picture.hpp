// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "figure/canvas.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <variant>

namespace lmc::figure {

/// Grey values in somebody else's memory, to be drawn.
using GreyView = std::variant<PlaneView<const std::uint16_t>, PlaneView<const float>>;

/// Height and width, pixels.
struct Size {
  Index height = 0;
  Index width = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

[[nodiscard]] Size size_of(const GreyView& plane);

/// The size in the same proportions with both sides at most `longest`; no larger than it is.
[[nodiscard]] Size reduced_to(Index longest, Size size);

/// The plane in another size. Each pixel is the mean over the area that it covers, so that the
/// plane's mean is kept; whole enlargements repeat pixels.
[[nodiscard]] Plane<float> resampled(const GreyView& plane, Size size);

/// Values shown as black and as full brightness.
struct ContrastRange {
  float low = 0;
  float high = 0;

  /// Brightness of a value in [0, 1]. Where all values are equal: 0.5. NaN: 0.
  [[nodiscard]] float brightness(float value) const;
};

/// Range between two percentiles (0 .. 100) of the finite values; [0, 0] where there are none.
[[nodiscard]] ContrastRange robust_range(std::span<const float> values, double low_percentile,
                                         double high_percentile);

/// The plane with each value in its colour.
[[nodiscard]] Canvas picture_of(const Plane<float>& plane,
                                const std::function<Colour(float)>& colour_of);

/// The plane as a picture in a page: at most 300 pixels wide and high.
[[nodiscard]] Canvas page_picture(const GreyView& plane,
                                  const std::function<Colour(float)>& colour_of);

/// The same in grey, from the range's low end (black) to its high end (white).
[[nodiscard]] Canvas page_picture(const GreyView& plane, const ContrastRange& range);

} // namespace lmc::figure
