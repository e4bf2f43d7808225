// SPDX-License-Identifier: Apache-2.0
#include "figure/font.hpp"

#include "common/text.hpp"

// The header is the library; the font is our own, so that it meets no hostile file.
#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb/stb_truetype.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace lmc::figure {

extern const unsigned char font_data[]; ///< the file of figure/font/, in the program

namespace {

const stbtt_fontinfo& face() {
  static const stbtt_fontinfo loaded = [] {
    stbtt_fontinfo info;
    if (stbtt_InitFont(&info, font_data, 0) == 0) {
      throw std::logic_error{"the font in the program is no font"};
    }
    return info;
  }();
  return loaded;
}

/// Calls `use(glyph, x, end)` for each character: pixels from the left to where it starts, and
/// bytes of `text` up to its end. @return pixels from the left to where the text ends
template <class Use> float for_each_glyph(std::string_view text, float scale, const Use& use) {
  float x = 0;
  int previous = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t character = take_character(rest).value_or(0xfffd);
    const int glyph = stbtt_FindGlyphIndex(&face(), static_cast<int>(character));
    x += scale * static_cast<float>(stbtt_GetGlyphKernAdvance(&face(), previous, glyph));
    use(glyph, x, text.size() - rest.size());
    int advance = 0;
    int bearing = 0;
    stbtt_GetGlyphHMetrics(&face(), glyph, &advance, &bearing);
    x += scale * static_cast<float>(advance);
    previous = glyph;
  }
  return x;
}

/// Adds a glyph's coverage, what lies inside.
/// @param origin its place on the base line
void add_glyph(Plane<std::uint8_t>& line, int glyph, float scale, float origin_x, int origin_y) {
  const float left = std::floor(origin_x);
  const float shift = origin_x - left;
  int x0 = 0;
  int y0 = 0;
  int x1 = 0;
  int y1 = 0;
  stbtt_GetGlyphBitmapBoxSubpixel(&face(), glyph, scale, scale, shift, 0, &x0, &y0, &x1, &y1);
  Plane<std::uint8_t> ink{y1 - y0, x1 - x0};
  stbtt_MakeGlyphBitmapSubpixel(&face(), ink.pixels().data(), x1 - x0, y1 - y0, x1 - x0, scale,
                                scale, shift, 0, glyph);
  for (Index y = 0; y < ink.height(); ++y) {
    for (Index x = 0; x < ink.width(); ++x) {
      const Index line_y = origin_y + y0 + y;
      const Index line_x = static_cast<Index>(left) + x0 + x;
      if (line_y >= 0 && line_y < line.height() && line_x >= 0 && line_x < line.width()) {
        std::uint8_t& pixel = line(line_y, line_x);
        pixel = static_cast<std::uint8_t>(std::min(255, pixel + ink(y, x)));
      }
    }
  }
}

} // namespace

Font::Font(Index line_height)
    : line_height_{line_height}, scale_{stbtt_ScaleForPixelHeight(
                                     &face(), static_cast<float>(line_height))} {}

Index Font::width(std::string_view text) const {
  return static_cast<Index>(
      std::ceil(for_each_glyph(text, scale_, [](int, float, std::size_t) {})));
}

std::string Font::shortened(std::string_view text, Index width) const {
  constexpr std::string_view ellipsis = "…";
  if (this->width(text) <= width) {
    return std::string{text};
  }
  std::string fitting;
  for_each_glyph(text, scale_, [&](int, float, std::size_t end) {
    const std::string candidate = std::string{text.substr(0, end)} + std::string{ellipsis};
    if (this->width(candidate) <= width) {
      fitting = candidate;
    }
  });
  return fitting.empty() && this->width(ellipsis) <= width ? std::string{ellipsis} : fitting;
}

Plane<std::uint8_t> Font::coverage(std::string_view text) const {
  Plane<std::uint8_t> line{line_height_, width(text)};
  int ascent = 0;
  stbtt_GetFontVMetrics(&face(), &ascent, nullptr, nullptr);
  const auto base_line = static_cast<int>(std::lround(scale_ * static_cast<float>(ascent)));
  for_each_glyph(text, scale_, [&](int glyph, float x, std::size_t) {
    add_glyph(line, glyph, scale_, x, base_line);
  });
  return line;
}

} // namespace lmc::figure
