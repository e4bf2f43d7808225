// SPDX-License-Identifier: Apache-2.0
#include "simulation/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using lmc::simulation::Random;

namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <class Draw> Moments moments(int count, Draw&& draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

} // namespace

CATCH_TEST_CASE("the same seed and stream give the same numbers, others do not") {
  Random first{7, 3};
  Random again{7, 3};
  Random other_stream{7, 4};
  Random other_seed{8, 3};
  const double value = first.uniform();
  CATCH_CHECK(again.uniform() == value);
  CATCH_CHECK(other_stream.uniform() != value);
  CATCH_CHECK(other_seed.uniform() != value);
}

CATCH_TEST_CASE(
    "Poisson counts have mean and variance alike, below and above the change of method") {
  constexpr int count = 40000;
  for (const double mean : {0.3, 4.0, 29.0, 31.0, 250.0, 20000.0}) {
    Random random{1, 2};
    const Moments m = moments(count, [&] { return random.poisson(mean); });
    // Five standard errors: of the mean sqrt(m / n), of the variance about m sqrt((2 + 1/m) / n).
    CATCH_CHECK(std::abs(m.mean - mean) < 5 * std::sqrt(mean / count));
    CATCH_CHECK(std::abs(m.variance - mean) < 5 * mean * std::sqrt((2 + 1 / mean) / count));
  }
}

CATCH_TEST_CASE("no light gives no counts") {
  Random random{1, 1};
  CATCH_CHECK(random.poisson(0) == 0);
  CATCH_CHECK(random.poisson(-1) == 0);
  CATCH_CHECK(random.poisson(std::nan("")) == 0);
}

CATCH_TEST_CASE("normal and uniform numbers have their moments") {
  constexpr int count = 40000;
  Random random{5, 1};
  const Moments normal = moments(count, [&] { return random.normal(); });
  CATCH_CHECK(std::abs(normal.mean) < 5 / std::sqrt(count));
  CATCH_CHECK(std::abs(normal.variance - 1) < 5 * std::sqrt(2.0 / count));
  const Moments uniform = moments(count, [&] { return random.uniform(2, 5); });
  CATCH_CHECK(uniform.mean == Approx(3.5).margin(0.03));
  CATCH_CHECK(uniform.variance == Approx(0.75).margin(0.03));
}

CATCH_TEST_CASE("an index stays below its count") {
  Random random{5, 2};
  bool last_seen = false;
  for (int i = 0; i < 200; ++i) {
    const std::size_t index = random.index(3);
    CATCH_REQUIRE(index < 3);
    last_seen = last_seen || index == 2;
  }
  CATCH_CHECK(last_seen);
}
