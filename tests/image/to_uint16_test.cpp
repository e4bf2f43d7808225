// SPDX-License-Identifier: Apache-2.0
#include "image/to_uint16.hpp"

#include "tests/image/failure.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>

using namespace lmc::image;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::test::cause_of;

namespace {

using Pixels = std::vector<std::uint16_t>;

template <class T>
Uint16Plane converted(PixelType type, const std::vector<T>& values, int bits = 8 * sizeof(T)) {
  RawPlane plane{1, std::ssize(values), 1, type, bits, {}};
  plane.bytes.resize(values.size() * sizeof(T));
  std::memcpy(plane.bytes.data(), values.data(), plane.bytes.size());
  return to_uint16(plane, "a.tiff");
}

template <class T> std::string refusal(PixelType type, const std::vector<T>& values) {
  return cause_of(ErrorCode::input_pixels, [&] { static_cast<void>(converted<T>(type, values)); });
}

} // namespace

CATCH_TEST_CASE("uint16 stays as it is, without a warning") {
  const Uint16Plane plane = converted<std::uint16_t>(PixelType::uint16, {0, 65535});
  CATCH_CHECK(plane.pixels.pixels() == Pixels{0, 65535});
  CATCH_CHECK(plane.warnings.empty());
  CATCH_CHECK(plane.full_scale == 65535);
}

CATCH_TEST_CASE("Full scale of 8 bits stays full scale, of 12 bits is known") {
  CATCH_CHECK(converted<std::uint8_t>(PixelType::uint8, {1, 255}).pixels.pixels() ==
              Pixels{257, 65535});
  const Uint16Plane twelve = converted<std::uint16_t>(PixelType::uint16, {4095, 1}, 12);
  CATCH_CHECK(twelve.pixels.pixels() == Pixels{4095, 1});
  CATCH_CHECK(twelve.full_scale == 4095);
  CATCH_CHECK(twelve.input_bits == 12);
  CATCH_CHECK_THAT(twelve.warnings.at(0), Contains("12-bit"));
}

CATCH_TEST_CASE("Other integers are taken if they fit, else rejected with their range") {
  CATCH_CHECK(converted<std::int64_t>(PixelType::int64, {0, 65535}).pixels.pixels() ==
              Pixels{0, 65535});
  CATCH_CHECK(refusal<std::int32_t>(PixelType::int32, {-5, 8}) ==
              "its int32 values range from -5 to 8; 0 to 65535 are possible");
  CATCH_CHECK_THAT(refusal<std::uint64_t>(PixelType::uint64, {1ULL << 63U}), Contains("uint64"));
}

CATCH_TEST_CASE("Floats are rounded, fractions are scaled") {
  CATCH_CHECK(converted<float>(PixelType::float32, {0.4F, 1.5F, 65534.6F}).pixels.pixels() ==
              Pixels{0, 2, 65535});
  CATCH_CHECK(converted<double>(PixelType::float64, {0, 0.5, 1}).pixels.pixels() ==
              Pixels{0, 32768, 65535});
  // 0 and 1 alone are integers.
  CATCH_CHECK(converted<float>(PixelType::float32, {0, 1}).pixels.pixels() == Pixels{0, 1});
}

CATCH_TEST_CASE("Values that rounding brings into range are taken, others rejected") {
  CATCH_CHECK(converted<float>(PixelType::float32, {-0.004F, 65535.004F}).pixels.pixels() ==
              Pixels{0, 65535});
  CATCH_CHECK_THAT(refusal<float>(PixelType::float32, {-0.5F, 2}), Contains("from -0.5 to 2"));
  CATCH_CHECK_THAT(refusal<float>(PixelType::float32, {2, 65535.5F}), Contains("to 65535.5"));
  CATCH_CHECK_THAT(refusal<double>(PixelType::float64, {0.5, 1e300}), Contains("to 1e+300"));
  CATCH_CHECK_THAT(refusal<double>(PixelType::float64, {-0.001, 0.5}), Contains("from -0.001"));
}

CATCH_TEST_CASE("Planes without one finite value are rejected") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CATCH_CHECK_THAT(refusal<float>(PixelType::float32, {nan}), Contains("1 of its 1 pixels"));
}
