// SPDX-License-Identifier: Apache-2.0
#include "figure/canvas.hpp"

#include <catch2/catch.hpp>
#include <png.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace lmc::figure;

namespace {

constexpr Colour grey{10, 10, 10};
constexpr Colour red{200, 0, 0};

} // namespace

CATCH_TEST_CASE("a canvas is filled inside its borders only") {
  Canvas canvas{3, 5, grey};
  canvas.fill({3, 1}, 10, 10, red);
  for (lmc::Index y = 0; y < 3; ++y) {
    for (lmc::Index x = 0; x < 5; ++x) {
      CATCH_CHECK((canvas.at({x, y}) == (x >= 3 && y >= 1 ? red : grey)));
    }
  }
}

CATCH_TEST_CASE("a picture is pasted where it fits") {
  Canvas canvas{3, 3, grey};
  Canvas picture{2, 2, red};
  picture.set({0, 0}, white);
  canvas.paste({2, 1}, picture);
  canvas.paste({-1, -1}, picture);
  CATCH_CHECK((canvas.at({2, 1}) == white));
  CATCH_CHECK((canvas.at({2, 2}) == red));
  CATCH_CHECK((canvas.at({0, 0}) == red));
  CATCH_CHECK((canvas.at({1, 1}) == grey));
}

CATCH_TEST_CASE("text is mixed with what lies under it, as far as it covers it") {
  const Font font{20};
  const lmc::Plane<std::uint8_t> coverage = font.coverage("Ly");
  Canvas canvas{18, 30, grey}; // cuts the text off below
  canvas.draw_text({3, 2}, "Ly", font, red);
  for (lmc::Index y = 0; y < canvas.height(); ++y) {
    for (lmc::Index x = 0; x < canvas.width(); ++x) {
      const bool inside = x >= 3 && y >= 2 && x - 3 < coverage.width() && y - 2 < coverage.height();
      const float covered = inside ? static_cast<float>(coverage(y - 2, x - 3)) / 255 : 0;
      CATCH_CHECK((canvas.at({x, y}) == mixed(grey, red, covered)));
    }
  }
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
