// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/half.hpp"

#include <c10/util/Half.h>
#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <random>

using namespace lmc::engine::cuda;

namespace {

std::uint16_t expected_bits(float value) {
  return c10::Half{value}.x;
}

} // namespace

CATCH_TEST_CASE("every half-precision number becomes the same float and back") {
  for (std::uint32_t bits = 0; bits <= 0xffffU; ++bits) {
    const Half half{static_cast<std::uint16_t>(bits)};
    const float value = to_float(half);
    const float expected = c10::Half{half.bits, c10::Half::from_bits()};
    if (std::isnan(expected)) {
      CATCH_REQUIRE(std::isnan(value));
      CATCH_REQUIRE(std::isnan(to_float(to_half(value))));
    } else {
      CATCH_REQUIRE(std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(expected));
      CATCH_REQUIRE(to_half(value).bits == half.bits);
    }
  }
}

CATCH_TEST_CASE("floats are rounded to the nearest half, ties to even") {
  for (const float value :
       {1.0F + 0x1p-11F, 1.0F + 3 * 0x1p-11F, 65519.0F, 65520.0F, 1e30F, 0x1p-25F, 0x1.8p-25F,
        0x1p-24F, 0x1.ffcp-15F, -0x1.ffep-15F, -1e-30F, std::numeric_limits<float>::infinity()}) {
    CATCH_INFO(value);
    CATCH_CHECK(to_half(value).bits == expected_bits(value));
  }
  std::mt19937 generator{1};
  for (int i = 0; i < 1000000; ++i) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(generator()));
    if (!std::isnan(value)) {
      CATCH_REQUIRE(to_half(value).bits == expected_bits(value));
    }
  }
}
