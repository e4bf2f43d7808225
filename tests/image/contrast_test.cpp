// SPDX-License-Identifier: Apache-2.0
#include "image/contrast.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

using namespace lmc::image;

CATCH_TEST_CASE("robust_range interpolates percentiles as numpy does") {
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [10, 90]) = [1.0, 6.9]
  const std::vector<float> values{3, 1, 4, 1, 5, 9, 2, 6};
  const ContrastRange range = robust_range(values, 10, 90);
  CATCH_CHECK(range.low == Approx(1.0));
  CATCH_CHECK(range.high == Approx(6.9));
  const ContrastRange whole = robust_range(values, 0, 100);
  CATCH_CHECK(whole.low == 1);
  CATCH_CHECK(whole.high == 9);
}

CATCH_TEST_CASE("robust_range leaves out what is not finite") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{nan, 2, infinity, 4, -infinity};
  const ContrastRange range = robust_range(values, 0, 100);
  CATCH_CHECK(range.low == 2);
  CATCH_CHECK(range.high == 4);
  const ContrastRange none = robust_range(std::vector<float>{nan, nan}, 0, 100);
  CATCH_CHECK(none.low == 0);
  CATCH_CHECK(none.high == 0);
}

CATCH_TEST_CASE("brightness clamps, and is mid-grey for a constant image") {
  const ContrastRange range{10, 20};
  CATCH_CHECK(range.brightness(5) == 0);
  CATCH_CHECK(range.brightness(10) == 0);
  CATCH_CHECK(range.brightness(12.5F) == 0.25F);
  CATCH_CHECK(range.brightness(99) == 1);
  CATCH_CHECK(range.brightness(std::numeric_limits<float>::quiet_NaN()) == 0);
  CATCH_CHECK(ContrastRange{7, 7}.brightness(7) == 0.5F);
}
