// SPDX-License-Identifier: Apache-2.0
#include "image/half_float.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using lmc::image::float_from_half;

// Values of IEEE 754-2008, binary16.
CATCH_TEST_CASE("Half floats have their exact values") {
  CATCH_CHECK(float_from_half(0x0000) == 0.0F);
  CATCH_CHECK(std::signbit(float_from_half(0x8000)));
  CATCH_CHECK(float_from_half(0x0001) == std::ldexp(1.0F, -24)); // smallest subnormal
  CATCH_CHECK(float_from_half(0x03ff) == std::ldexp(1023.0F, -24));
  CATCH_CHECK(float_from_half(0x0400) == std::ldexp(1.0F, -14)); // smallest normal
  CATCH_CHECK(float_from_half(0x3c01) == 1.0F + std::ldexp(1.0F, -10));
  CATCH_CHECK(float_from_half(0x7bff) == 65504.0F);
  CATCH_CHECK(float_from_half(0xc000) == -2.0F);
  CATCH_CHECK(std::isinf(float_from_half(0xfc00)));
  CATCH_CHECK(std::isnan(float_from_half(0x7e00)));
}
