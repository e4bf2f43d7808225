// SPDX-License-Identifier: Apache-2.0
#include "figure/colour.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace lmc::figure;

namespace {

/// CIE lightness L* of an sRGB colour.
double lightness(const Colour& colour) {
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
  CATCH_CHECK((viridis(0) == Colour{68, 1, 84}));
  CATCH_CHECK((viridis(1) == Colour{253, 231, 36}));
  const Colour middle = viridis(128 / 255.0); // (32, 144, 140) there
  CATCH_CHECK(middle.red == Approx(32).margin(1));
  CATCH_CHECK(middle.green == Approx(144).margin(1));
  CATCH_CHECK(middle.blue == Approx(140).margin(1));
  CATCH_CHECK((viridis(-3) == Colour{68, 1, 84}));
  CATCH_CHECK((viridis(7) == Colour{253, 231, 36}));
  CATCH_CHECK((viridis(std::nan("")) == black));
}

CATCH_TEST_CASE("viridis grows lighter in equal steps") {
  const double whole = lightness(viridis(1)) - lightness(viridis(0));
  for (int i = 0; i < 16; ++i) {
    const double step = lightness(viridis((i + 1) / 16.0)) - lightness(viridis(i / 16.0));
    CATCH_CHECK(step == Approx(whole / 16).margin(whole / 16 * 0.25));
  }
}

CATCH_TEST_CASE("colours are mixed channel by channel") {
  CATCH_CHECK((mixed(black, {200, 100, 50}, 0.5F) == Colour{100, 50, 25}));
  CATCH_CHECK((mixed({255, 0, 7}, {0, 255, 7}, 0) == Colour{255, 0, 7}));
  CATCH_CHECK((mixed({255, 0, 7}, {0, 255, 7}, 1) == Colour{0, 255, 7}));
}
