// SPDX-License-Identifier: Apache-2.0
#include "figure/font.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <set>
#include <string>
#include <vector>

using lmc::Index;
using lmc::Plane;
using lmc::figure::Font;

namespace {

constexpr std::string_view all_characters = "!%()+,-./0123456789:=ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                            "abcdefghijklmnopqrstuvwxyz";

double ink_of(const Plane<std::uint8_t>& coverage) {
  return std::accumulate(coverage.pixels().begin(), coverage.pixels().end(), 0.0) / 255;
}

/// Whether a pixel of the row has ink.
bool has_ink(const Plane<std::uint8_t>& coverage, Index y) {
  for (Index x = 0; x < coverage.width(); ++x) {
    if (coverage(y, x) > 0) {
      return true;
    }
  }
  return false;
}

} // namespace

CATCH_TEST_CASE("every character has a glyph of its own, others are one box") {
  const Font font{24};
  const std::vector<std::uint8_t> box = font.coverage("\u4e2d").pixels();
  std::set<std::vector<std::uint8_t>> drawings{box};
  for (const char c : all_characters) {
    drawings.insert(font.coverage(std::string{c}).pixels());
  }
  for (const std::string character : {"µ", "…", "é", "\ufffd"}) {
    drawings.insert(font.coverage(character).pixels());
  }
  CATCH_CHECK(drawings.size() == all_characters.size() + 5);
  CATCH_CHECK(font.coverage("\u65e5").pixels() == box);
  CATCH_CHECK(font.coverage(" ").width() > 0);
  CATCH_CHECK(ink_of(font.coverage(" ")) == 0);
}

CATCH_TEST_CASE("letters stand on one line with room for what is below") {
  const Font font{24}; // 2400 units of the font: capitals are 1456 high, the base line is at 1900
  const Plane<std::uint8_t> letter = font.coverage("H");
  CATCH_CHECK(letter.height() == 24);
  for (Index y = 0; y < 24; ++y) {
    CATCH_INFO("row " << y);
    CATCH_CHECK(has_ink(letter, y) == (y >= 4 && y < 19));
  }
  CATCH_CHECK(has_ink(font.coverage("g"), 22));
}

CATCH_TEST_CASE("text grows with its letters and its size") {
  const Font font{24};
  CATCH_CHECK(font.width("") == 0);
  CATCH_CHECK(font.coverage("").empty());
  CATCH_CHECK(font.width("W") > font.width("i"));
  CATCH_CHECK(font.width("µm") < font.width("µmm"));
  CATCH_CHECK(Font{48}.width("mitochondria") == Approx(2 * font.width("mitochondria")).margin(1));
  CATCH_CHECK(ink_of(Font{48}.coverage("tubulin")) ==
              Approx(4 * ink_of(font.coverage("tubulin"))).epsilon(0.05));
  // Pairs such as AV are set closer.
  CATCH_CHECK(font.width("AVAVAVAV") < 4 * (font.width("A") + font.width("V")) - 4);
}

CATCH_TEST_CASE("text is smoothed") {
  const Plane<std::uint8_t> letter = Font{24}.coverage("O");
  const std::set<std::uint8_t> levels(letter.pixels().begin(), letter.pixels().end());
  CATCH_CHECK(levels.size() > 10);
}

CATCH_TEST_CASE("text that does not fit ends with an ellipsis") {
  const Font font{24};
  const std::string text = "10 µm µµµµ";
  CATCH_CHECK(font.shortened(text, font.width(text)) == text);
  CATCH_CHECK(font.shortened(text, font.width("10 µm µ…")) == "10 µm µ…");
  CATCH_CHECK(font.shortened(text, font.width("…")) == "…");
  CATCH_CHECK(font.shortened(text, 1).empty());
  for (Index width = 0; width < 120; ++width) {
    CATCH_CHECK(font.width(font.shortened(text, width)) <= width);
  }
}

CATCH_TEST_CASE("text that is not UTF-8 is drawn with replacement characters") {
  const Font font{24};
  CATCH_CHECK(font.coverage("a\xff z").pixels() == font.coverage("a\ufffd z").pixels());
  CATCH_CHECK(font.coverage("\xc2").pixels() == font.coverage("\ufffd").pixels());
}
