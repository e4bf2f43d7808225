// SPDX-License-Identifier: Apache-2.0
#include "common/percentile.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

using lmc::percentile_of;

CATCH_TEST_CASE("percentiles equal numpy's") {
  const std::vector<float> values{7, 1, 5, 3, 11, 2, 9};
  // numpy.percentile([7, 1, 5, 3, 11, 2, 9], [0, 2, 25, 50, 99.8, 100])
  CATCH_CHECK(percentile_of<float>(values, 0) == 1);
  CATCH_CHECK(percentile_of<float>(values, 2) == Approx(1.12));
  CATCH_CHECK(percentile_of<float>(values, 25) == Approx(2.5));
  CATCH_CHECK(percentile_of<float>(values, 50) == Approx(5));
  CATCH_CHECK(percentile_of<float>(values, 99.8) == Approx(10.976));
  CATCH_CHECK(percentile_of<float>(values, 100) == 11);
  CATCH_CHECK(percentile_of<float>(std::vector<float>{4}, 30) == 4);
}

CATCH_TEST_CASE("percentiles of grey values are interpolated in double") {
  // numpy.percentile(numpy.array([65535, 0, 1], "uint16"), [10, 99.8]) = [0.2, 65272.864]
  const std::vector<std::uint16_t> values{65535, 0, 1};
  CATCH_CHECK(percentile_of<std::uint16_t>(values, 10) == Approx(0.2).epsilon(1e-14));
  CATCH_CHECK(percentile_of<std::uint16_t>(values, 99.8) == Approx(65272.864).epsilon(1e-14));
  CATCH_CHECK(values == std::vector<std::uint16_t>{65535, 0, 1});
}
