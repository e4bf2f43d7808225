// SPDX-License-Identifier: Apache-2.0
#include "inference/scaling.hpp"

#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numeric>

using namespace lmc::inference;
using lmc::inference::test::fixture;

namespace {

std::vector<std::uint16_t> all_greys() {
  std::vector<std::uint16_t> greys(65536);
  std::iota(greys.begin(), greys.end(), std::uint16_t{0});
  return greys;
}

std::vector<float> values_of(const std::string& name) {
  const at::Tensor tensor = fixture("scaling", name);
  const float* const first = tensor.const_data_ptr<float>();
  return {first, first + tensor.numel()};
}

} // namespace

CATCH_TEST_CASE("every grey value is scaled as in the reference, to the bit") {
  CATCH_CHECK(scaled_greys() == values_of("to_unit"));
}

CATCH_TEST_CASE("scaling back equals the reference to the bit, inside and outside [-1, 1]") {
  std::vector<float> plane = scaled_greys();
  unscale(plane);
  CATCH_CHECK(plane == values_of("back"));
  std::vector<float> beyond = values_of("free_in");
  CATCH_REQUIRE(beyond.size() == 2101);
  unscale(beyond);
  CATCH_CHECK(beyond == values_of("free_out"));
}

CATCH_TEST_CASE("rounding restores all grey values") {
  std::vector<float> plane = scaled_greys();
  unscale(plane);
  const RoundedPlane rounded = to_uint16(plane);
  CATCH_CHECK(rounded.pixels == all_greys());
  CATCH_CHECK(rounded.clamped == 0);
  CATCH_CHECK(rounded.not_finite == 0);
}

CATCH_TEST_CASE("values outside 16 bits are clamped and counted") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> plane{-3.0F, -0.4F,    0.5F,      1.5F,          65535.4F,
                                 70000, infinity, -infinity, std::nanf(""), 12.0F};
  const RoundedPlane rounded = to_uint16(plane);
  CATCH_CHECK(rounded.pixels ==
              std::vector<std::uint16_t>{0, 0, 0, 2, 65535, 65535, 65535, 0, 0, 12});
  CATCH_CHECK(rounded.clamped == 2);
  CATCH_CHECK(rounded.not_finite == 3);
}
