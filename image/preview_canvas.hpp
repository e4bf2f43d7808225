// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lmc::image {

/// Red, green and blue, sRGB.
struct Colour8 {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

/// A place on a canvas, pixels from the top left.
struct CanvasPoint {
  std::size_t x = 0;
  std::size_t y = 0;
};

/// An 8-bit RGB picture that is drawn on. What lies outside is not drawn.
class Canvas {
public:
  Canvas(std::size_t height, std::size_t width, Colour8 background);

  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  [[nodiscard]] Colour8 at(CanvasPoint point) const;

  void set(CanvasPoint point, Colour8 colour);
  void fill(CanvasPoint top_left, std::size_t height, std::size_t width, Colour8 colour);

  /// Text with its top left corner at `top_left`, each font pixel `scale` pixels wide.
  void draw_text(CanvasPoint top_left, std::string_view text, std::size_t scale, Colour8 colour);

  /// The picture as a PNG file. @throws std::runtime_error with libpng's reason
  [[nodiscard]] std::string png() const;

private:
  std::size_t height_;
  std::size_t width_;
  std::vector<std::uint8_t> rgb_; ///< [height, width, 3]
};

} // namespace lmc::image
