// SPDX-License-Identifier: Apache-2.0
#include "image/quality.hpp"

#include <catch2/catch.hpp>

using lmc::image::quality_warnings;

namespace {

/// 1000 pixels: `share` of them this value, the others a ramp over the whole range.
std::vector<std::uint16_t> with_share(std::size_t share, std::uint16_t value) {
  std::vector<std::uint16_t> pixels(1000);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = i < share ? value : static_cast<std::uint16_t>(60 * i);
  }
  return pixels;
}

} // namespace

CATCH_TEST_CASE("An ordinary image and an empty one give no warning") {
  CATCH_CHECK(quality_warnings(with_share(0, 0), 65535).empty());
  CATCH_CHECK(quality_warnings({}, 65535).empty());
}

CATCH_TEST_CASE("More than 5 % at full scale are saturation") {
  CATCH_CHECK(quality_warnings(with_share(50, 65535), 65535).empty());
  const auto warnings = quality_warnings(with_share(51, 65535), 65535);
  CATCH_REQUIRE(warnings.size() == 1);
  CATCH_CHECK(warnings[0] == "saturated image: 5.1 % of the pixels are at the maximum 65535");
  // Full scale is the camera's.
  CATCH_CHECK(quality_warnings(with_share(51, 4095), 4095).size() == 1);
  CATCH_CHECK(quality_warnings(with_share(51, 4095), 65535).empty());
}

CATCH_TEST_CASE("A constant image is one warning, whatever its value") {
  CATCH_CHECK(quality_warnings(std::vector<std::uint16_t>(9, 65535), 65535) ==
              std::vector<std::string>{"constant image: every pixel is 65535"});
}

CATCH_TEST_CASE("Contrast is that of 98 % of the pixels") {
  // 0.2 % of 65535 are 131.
  std::vector<std::uint16_t> pixels(1000, 1000);
  for (std::size_t i = 0; i < 500; ++i) {
    pixels[i] = 1131;
  }
  pixels[0] = 60000; // outliers do not count
  CATCH_CHECK(quality_warnings(pixels, 65535).size() == 1);
  for (std::size_t i = 0; i < 500; ++i) {
    pixels[i] = 1132;
  }
  CATCH_CHECK(quality_warnings(pixels, 65535).empty());
}
