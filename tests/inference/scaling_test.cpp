// SPDX-License-Identifier: Apache-2.0
#include "inference/scaling.hpp"

#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numeric>

using namespace lmc;
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

Plane<float> row(std::vector<float> values) {
  return {1, static_cast<Index>(values.size()), std::move(values)};
}

} // namespace

CATCH_TEST_CASE("every grey value is scaled as in the reference, to the bit") {
  CATCH_CHECK(scaled_greys() == values_of("to_unit"));
}

CATCH_TEST_CASE("scaling back equals the reference to the bit, inside and outside [-1, 1]") {
  CATCH_CHECK(greys_of(row(scaled_greys()).view()).pixels() == values_of("back"));
  const Plane<float> beyond = row(values_of("free_in"));
  CATCH_REQUIRE(beyond.size() == 2101);
  CATCH_CHECK(greys_of(beyond.view()).pixels() == values_of("free_out"));
}

CATCH_TEST_CASE("rounding restores all grey values") {
  const RoundedPlane result = rounded(greys_of(row(scaled_greys()).view()));
  CATCH_CHECK(result.pixels.pixels() == all_greys());
  CATCH_CHECK(result.clamped == 0);
}

CATCH_TEST_CASE("values outside 16 bits are clamped and counted") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> plane{-3.0F, -0.4F,    0.5F,      1.5F,          65535.4F,
                                 70000, infinity, -infinity, std::nanf(""), 12.0F};
  const RoundedPlane result = rounded(row(plane));
  CATCH_CHECK(result.pixels.pixels() ==
              std::vector<std::uint16_t>{0, 0, 0, 2, 65535, 65535, 65535, 0, 0, 12});
  CATCH_CHECK(result.clamped == 5);
}
