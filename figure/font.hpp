// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace lmc::figure {

/// The font of all pictures at one size. Text is UTF-8; characters that the font lacks are drawn as
/// an empty box.
class Font {
public:
  /// @param line_height pixels from the top of the tallest letter to the bottom of the deepest
  explicit Font(Index line_height);

  [[nodiscard]] Index line_height() const noexcept { return line_height_; }

  /// Pixels that the text takes.
  [[nodiscard]] Index width(std::string_view text) const;

  /// The text, or as much of its beginning as fits together with an ellipsis; empty where not even
  /// that fits.
  /// @param width pixels
  [[nodiscard]] std::string shortened(std::string_view text, Index width) const;

  /// Share of each pixel that the text covers, 0 .. 255. [line_height, width(text)]
  [[nodiscard]] Plane<std::uint8_t> coverage(std::string_view text) const;

private:
  Index line_height_;
  float scale_; ///< pixels per unit of the font
};

} // namespace lmc::figure
