// SPDX-License-Identifier: Apache-2.0
#include "common/percentile.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
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

CATCH_TEST_CASE("percentiles equal numpy's to the last bit") {
  struct Case {
    std::vector<std::uint16_t> values;
    std::vector<double> expected; // numpy 2.4.6: percentiles 2, 37, 50, 81.5 and 99.8
  };
  const std::vector<Case> cases{
      {{53182, 5613, 11759, 15519, 11885},
       {0x1.7d8ae147ae148p+12, 0x1.715bd70a3d70ap+13, 0x1.7368p+13, 0x1.8b7d851eb851cp+14,
        0x1.9d21645a1cac0p+15}},
      {{52512, 56966, 38152, 2582, 6168, 21771, 28385, 40712, 31395},
       {0x1.8a7851eb851ecp+11, 0x1.b761c28f5c28fp+14, 0x1.ea8cp+14, 0x1.6dfffffffffffp+15,
        0x1.bc7d78d4fdf3bp+15}},
      {{17353, 10468, 45312, 48141, 2142, 7449, 29630, 25639, 58184, 33865, 27532, 28221},
       {0x1.9db147ae147aep+11, 0x1.92ae0a3d70a3ep+14, 0x1.b392p+14, 0x1.5edeb5c28f5c2p+15,
        0x1.c4d61ba5e353fp+15}}};
  for (const auto& [values, expected] : cases) {
    std::size_t i = 0;
    for (const double percent : {2.0, 37.0, 50.0, 81.5, 99.8}) {
      CATCH_CHECK(percentile_of<std::uint16_t>(values, percent) == expected.at(i++));
    }
  }
}

CATCH_TEST_CASE("a histogram gives the same order statistics and percentiles as the pixels") {
  const std::vector<std::uint16_t> greys{65535, 0, 7, 7, 300, 0, 12, 65535, 41000, 7, 1};
  const lmc::Histogram histogram{greys};
  CATCH_CHECK(histogram.pixels() == greys.size());
  CATCH_CHECK(histogram.count(7) == 3);
  CATCH_CHECK(histogram.count(8) == 0);
  std::vector<std::uint16_t> sorted = greys;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t place = 0; place < sorted.size(); ++place) {
    CATCH_CHECK(histogram.smallest(place) == sorted[place]);
  }
  for (const double percent : {0.0, 2.0, 33.3, 50.0, 99.8, 100.0}) {
    CATCH_CHECK(histogram.percentile(percent) == percentile_of<std::uint16_t>(greys, percent));
  }
}
