// SPDX-License-Identifier: Apache-2.0
#include "image/grey.hpp"

#include "image/pixel_type.hpp"
#include "tests/image/failure.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace lmc::image;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::test::cause_of;

namespace {

template <class T>
RawPlane plane_of(PixelType type, int bits, lmc::Index samples, const std::vector<T>& values) {
  RawPlane plane{1, std::ssize(values) / samples, samples, type, bits, {}};
  plane.bytes.resize(values.size() * sizeof(T));
  std::memcpy(plane.bytes.data(), values.data(), plane.bytes.size());
  return plane;
}

template <class T> std::vector<T> values_of(const RawPlane& plane) {
  std::vector<T> values(plane.bytes.size() / sizeof(T));
  std::memcpy(values.data(), plane.bytes.data(), plane.bytes.size());
  return values;
}

const ColourModel grey{Colour::grey, "MINISBLACK", 1, {}};
const ColourModel white{Colour::inverted_grey, "MINISWHITE", 1, {}};
const ColourModel rgb{Colour::rgb, "RGB", 3, {}};

} // namespace

CATCH_TEST_CASE("Grey stays as it is, half floats become floats") {
  const RawPlane plane = plane_of<std::uint16_t>(PixelType::uint16, 16, 1, {3, 65535});
  CATCH_CHECK(to_grey(plane, grey, false, "a").bytes == plane.bytes);
  const RawPlane wide = to_grey(
      plane_of<std::uint16_t>(PixelType::float16, 16, 1, {0x3c00, 0xc000}), grey, false, "a");
  CATCH_CHECK(wide.type == PixelType::float32);
  CATCH_CHECK(values_of<float>(wide) == std::vector<float>{1, -2});
}

// Values of IEEE 754-2008, binary16.
CATCH_TEST_CASE("Half floats have their exact values") {
  const auto values =
      values_of<float>(to_grey(plane_of<std::uint16_t>(PixelType::float16, 16, 1,
                                                       {0x8000, 0x0001, 0x03ff, 0x0400, 0x3c01,
                                                        0x7bff, 0xc000, 0xfc00, 0x7e00}),
                               grey, false, "a"));
  CATCH_REQUIRE(values.size() == 9);
  CATCH_CHECK(std::signbit(values[0]));
  CATCH_CHECK(values[1] == std::ldexp(1.0F, -24)); // smallest subnormal
  CATCH_CHECK(values[2] == std::ldexp(1023.0F, -24));
  CATCH_CHECK(values[3] == std::ldexp(1.0F, -14)); // smallest normal
  CATCH_CHECK(values[4] == 1.0F + std::ldexp(1.0F, -10));
  CATCH_CHECK(values[5] == 65504.0F);
  CATCH_CHECK(values[6] == -2.0F);
  CATCH_CHECK(std::isinf(values[7]));
  CATCH_CHECK(std::isnan(values[8]));
}

CATCH_TEST_CASE("MINISWHITE is inverted within its bits") {
  CATCH_CHECK(values_of<std::uint16_t>(
                  to_grey(plane_of<std::uint16_t>(PixelType::uint16, 12, 1, {0, 0xfff}), white,
                          false, "a")) == std::vector<std::uint16_t>{0xfff, 0});
  CATCH_CHECK(values_of<std::uint32_t>(to_grey(
                  plane_of<std::uint32_t>(PixelType::uint32, 32, 1, {1}), white, false, "a")) ==
              std::vector<std::uint32_t>{0xfffffffe});
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_unsupported,
                            [] {
                              static_cast<void>(
                                  to_grey(plane_of<std::int16_t>(PixelType::int16, 16, 1, {1}),
                                          white, false, "a"));
                            }),
                   Contains("int16 values are MINISWHITE"));
}

CATCH_TEST_CASE("Samples that agree are one; others become luminance where allowed") {
  const auto equal = plane_of<std::uint16_t>(PixelType::uint16, 16, 4, {7, 7, 7, 1, 9, 9, 9, 0});
  CATCH_CHECK(values_of<std::uint16_t>(to_grey(equal, rgb, false, "a")) ==
              std::vector<std::uint16_t>{7, 9});
  const auto colour = plane_of<std::uint16_t>(PixelType::uint16, 16, 3, {1000, 0, 0, 0, 1000, 0});
  CATCH_CHECK(values_of<std::uint16_t>(to_grey(colour, rgb, true, "a")) ==
              std::vector<std::uint16_t>{299, 587});
  try {
    static_cast<void>(to_grey(colour, rgb, false, "a"));
    CATCH_FAIL("accepted");
  } catch (const lmc::Error& error) {
    CATCH_CHECK_THAT(error.remedy(), Contains("--rgb-luminance"));
  }
  // Several grey samples of unknown meaning are no colours.
  CATCH_CHECK_THAT(
      cause_of(
          ErrorCode::input_unsupported,
          [&] {
            static_cast<void>(to_grey(colour, {Colour::grey, "MINISBLACK", 3, {}}, false, "a"));
          }),
      Contains("3 samples (MINISBLACK) that differ"));
}

CATCH_TEST_CASE("Palettes are looked up if grey; other colour spaces are named") {
  const auto indices = plane_of<std::uint8_t>(PixelType::uint8, 1, 1, {1, 0});
  CATCH_CHECK(values_of<std::uint16_t>(to_grey(
                  indices, {Colour::palette, "a colour palette", 1, {5, 60000, 5, 60000, 5, 60000}},
                  false, "a")) == std::vector<std::uint16_t>{60000, 5});
  CATCH_CHECK_THAT(
      cause_of(ErrorCode::input_unsupported,
               [&] {
                 static_cast<void>(to_grey(indices, {Colour::other, "CMYK", 4, {}}, true, "a"));
               }),
      Contains("its pixels are CMYK"));
}
