// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "figure/colour.hpp"
#include "figure/font.hpp"

#include <string>
#include <string_view>

namespace lmc::figure {

/// A place on a canvas, pixels from the top left.
struct Point {
  Index x = 0;
  Index y = 0;
};

/// An 8-bit RGB picture that is drawn on. What lies outside is not drawn.
class Canvas {
public:
  Canvas(Index height, Index width, Colour background) : pixels_{height, width, background} {}

  [[nodiscard]] Index height() const noexcept { return pixels_.height(); }
  [[nodiscard]] Index width() const noexcept { return pixels_.width(); }
  [[nodiscard]] Colour at(Point point) const { return pixels_(point.y, point.x); }

  void set(Point point, Colour colour);
  void fill(Point top_left, Index height, Index width, Colour colour);
  void paste(Point top_left, const Canvas& picture);

  /// One line of text, smoothed, with its top left corner at `top_left`.
  void draw_text(Point top_left, std::string_view text, const Font& font, Colour colour);

  /// The picture as a PNG file. @throws std::runtime_error with libpng's reason
  [[nodiscard]] std::string png() const;

private:
  Plane<Colour> pixels_;
};

} // namespace lmc::figure
