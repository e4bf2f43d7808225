// SPDX-License-Identifier: Apache-2.0
#include "image/preview_canvas.hpp"

#include <catch2/catch.hpp>
#include <png.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace lmc::image;

namespace {

bool operator==(Colour8 left, Colour8 right) {
  return left.red == right.red && left.green == right.green && left.blue == right.blue;
}

constexpr Colour8 grey{10, 10, 10};
constexpr Colour8 red{200, 0, 0};

} // namespace

CATCH_TEST_CASE("a canvas is filled inside its borders only") {
  Canvas canvas{3, 5, grey};
  canvas.fill({3, 1}, 10, 10, red);
  for (std::size_t y = 0; y < 3; ++y) {
    for (std::size_t x = 0; x < 5; ++x) {
      CATCH_CHECK((canvas.at({x, y}) == (x >= 3 && y >= 1 ? red : grey)));
    }
  }
}

CATCH_TEST_CASE("text is drawn at its place and scale") {
  Canvas canvas{20, 20, grey};
  canvas.draw_text({2, 1}, "L", 2, red);
  // The stem of an L is one font pixel wide and seven high.
  CATCH_CHECK((canvas.at({2, 1}) == red));
  CATCH_CHECK((canvas.at({3, 14}) == red));
  CATCH_CHECK((canvas.at({4, 1}) == grey));
  CATCH_CHECK((canvas.at({11, 14}) == red));
  CATCH_CHECK((canvas.at({12, 14}) == grey));
  CATCH_CHECK((canvas.at({2, 15}) == grey));
}

CATCH_TEST_CASE("the PNG holds the canvas's pixels") {
  Canvas canvas{2, 3, grey};
  canvas.set({2, 1}, red);
  const std::string file = canvas.png();

  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  CATCH_REQUIRE(png_image_begin_read_from_memory(&header, file.data(), file.size()) != 0);
  CATCH_CHECK(header.width == 3);
  CATCH_CHECK(header.height == 2);
  header.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> rgb(PNG_IMAGE_SIZE(header));
  CATCH_REQUIRE(png_image_finish_read(&header, nullptr, rgb.data(), 0, nullptr) != 0);
  const std::vector<std::uint8_t> expected{10, 10, 10, 10, 10, 10, 10,  10, 10,
                                           10, 10, 10, 10, 10, 10, 200, 0,  0};
  CATCH_CHECK(rgb == expected);
}
