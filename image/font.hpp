// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lmc::image {

/// Rows of every glyph: seven above the baseline, two below it.
inline constexpr std::size_t glyph_rows = 9;

/// One character of the previews' own bitmap font.
struct Glyph {
  char32_t code = 0;
  std::array<std::uint8_t, glyph_rows> rows{}; ///< top to bottom; bit 4 is the leftmost pixel

  /// Pixels from the left border to the last ink, 1 .. 5; 3 for the space.
  [[nodiscard]] std::size_t width() const;

  /// Whether there is ink. Both count from 0, from the top left.
  [[nodiscard]] bool ink(std::size_t row, std::size_t column) const {
    return (rows[row] >> (4 - column) & 1) != 0;
  }
};

/// The glyph of a character: ASCII letters, digits, space, `!%()+,-./:=_` and the micro sign; an
/// empty box for all others.
[[nodiscard]] const Glyph& glyph_of(char32_t code);

/// Calls `use(glyph, column)` for each character of UTF-8 `text` (code points below U+0800), with
/// the column of its left border. @return the width of the whole text in pixels
template <class Use> std::size_t for_each_glyph(std::string_view text, Use use) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto code = static_cast<char32_t>(static_cast<unsigned char>(text[i]));
    if ((code & 0xe0) == 0xc0 && i + 1 < text.size()) {
      code = (code & 0x1f) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3fu);
    }
    const Glyph& glyph = glyph_of(code);
    use(glyph, column);
    column += glyph.width() + 1;
  }
  return column == 0 ? 0 : column - 1;
}

/// Width of `text` in pixels.
[[nodiscard]] std::size_t text_width(std::string_view text);

} // namespace lmc::image
