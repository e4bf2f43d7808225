// SPDX-License-Identifier: Apache-2.0
#include "app/commands/image_difference.hpp"

#include <catch2/catch.hpp>

#include <vector>

// numpy: a = arange(11.); b = a + [0]*9 + [1, -2]; d = abs(a - b)
// d.mean() 0.272727..., percentile 90 -> 1.0, 99 -> 1.9, corrcoef 0.9774850545159861
CATCH_TEST_CASE("differences of two planes as numpy computes them") {
  std::vector<float> a(11);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<float>(i);
  }
  std::vector<float> b = a;
  b[9] += 1;
  b[10] -= 2;
  const auto difference = lmc::app::difference_between(a, b);
  CATCH_CHECK(difference.average == Approx(3.0 / 11));
  CATCH_CHECK(difference.percentile_90 == Approx(1.0));
  CATCH_CHECK(difference.percentile_99 == Approx(1.9));
  CATCH_CHECK(difference.largest == 2);
  CATCH_CHECK(difference.correlation == Approx(0.9774850545159861).epsilon(1e-9));
}

CATCH_TEST_CASE("equal constant planes agree, a constant one agrees with no other") {
  const std::vector<float> constant(5, 3.0F);
  const std::vector<float> ramp{1, 2, 3, 4, 5};
  CATCH_CHECK(lmc::app::difference_between(constant, constant).correlation == 1);
  CATCH_CHECK(lmc::app::difference_between(constant, ramp).correlation == 0);
}
