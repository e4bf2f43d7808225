// SPDX-License-Identifier: Apache-2.0
#include "evaluation/colour_map.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using lmc::evaluation::viridis;
using lmc::image::Colour8;

namespace {

/// CIE lightness L* of an sRGB colour.
double lightness(const Colour8& colour) {
  const auto linear = [](std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double y =
      0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
  return 116 * std::cbrt(y) - 16;
}

} // namespace

CATCH_TEST_CASE("viridis has matplotlib's ends and middle") {
  const auto is = [](double value, int red, int green, int blue) {
    const Colour8 colour = viridis(value);
    return colour.red == red && colour.green == green && colour.blue == blue;
  };
  CATCH_CHECK(is(0, 68, 1, 84));
  CATCH_CHECK(is(1, 253, 231, 36));
  CATCH_CHECK(is(128 / 255.0, 32, 144, 140));
  CATCH_CHECK(is(-3, 68, 1, 84));
  CATCH_CHECK(is(7, 253, 231, 36));
  CATCH_CHECK(is(std::nan(""), 0, 0, 0));
}

CATCH_TEST_CASE("viridis grows lighter in equal steps") {
  const double whole = lightness(viridis(1)) - lightness(viridis(0));
  for (int i = 0; i < 16; ++i) {
    const double step = lightness(viridis((i + 1) / 16.0)) - lightness(viridis(i / 16.0));
    CATCH_CHECK(step == Approx(whole / 16).margin(whole / 16 * 0.25));
  }
}
