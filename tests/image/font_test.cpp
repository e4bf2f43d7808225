// SPDX-License-Identifier: Apache-2.0
#include "image/font.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace lmc::image;

namespace {

constexpr std::string_view all_characters = " !%()+,-./0123456789:=ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                            "abcdefghijklmnopqrstuvwxyz\u00b5";

/// The glyph's ink, row by row.
std::string drawing_of(const Glyph& glyph) {
  std::string drawing;
  for (std::size_t row = 0; row < glyph_rows; ++row) {
    for (std::size_t column = 0; column < 5; ++column) {
      drawing += glyph.ink(row, column) ? '#' : '.';
    }
    drawing += '\n';
  }
  return drawing;
}

} // namespace

CATCH_TEST_CASE("every character has a glyph of its own") {
  std::set<std::string> drawings{drawing_of(glyph_of(U'\u20ac'))}; // the empty box
  std::size_t characters = 1;                                      // the box
  for_each_glyph(all_characters, [&](const Glyph& glyph, std::size_t) {
    drawings.insert(drawing_of(glyph));
    ++characters;
  });
  CATCH_CHECK(characters == 77);
  CATCH_CHECK(drawings.size() == characters);
}

CATCH_TEST_CASE("a glyph looks like its letter") {
  CATCH_CHECK(drawing_of(glyph_of(U'L')) == "#....\n#....\n#....\n#....\n#....\n#....\n#####\n"
                                            ".....\n.....\n");
  CATCH_CHECK(glyph_of(U'L').width() == 5);
  CATCH_CHECK(glyph_of(U'i').width() == 1);
  CATCH_CHECK(glyph_of(U' ').width() == 3);
}

CATCH_TEST_CASE("text_width adds the glyphs and one column between them") {
  CATCH_CHECK(text_width("") == 0);
  CATCH_CHECK(text_width("L") == 5);
  CATCH_CHECK(text_width("Li") == 5 + 1 + 1);
  // Two bytes of UTF-8 are one character.
  CATCH_CHECK(text_width("\u00b5") == glyph_of(U'\u00b5').width());
  CATCH_CHECK(glyph_of(U'\u00b5').code == U'\u00b5');
}
