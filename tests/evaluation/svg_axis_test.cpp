// SPDX-License-Identifier: Apache-2.0
#include "evaluation/svg_axis.hpp"

#include <catch2/catch.hpp>

#include <limits>

using lmc::evaluation::Axis;
using lmc::evaluation::tick_text;

CATCH_TEST_CASE("a linear axis maps its range and has round ticks inside it") {
  const Axis axis{{0, 0.93, 200, 0}, false};
  CATCH_CHECK(axis.position(0) == Approx(200));
  CATCH_CHECK(axis.position(0.93) == Approx(0).margin(1e-9));
  CATCH_CHECK(axis.position(0.465) == Approx(100));
  std::string texts;
  for (const double tick : axis.ticks()) {
    texts += tick_text(tick) + " ";
  }
  CATCH_CHECK(texts == "0 0.2 0.4 0.6 0.8 ");
}

CATCH_TEST_CASE("negative ranges have a zero without a sign") {
  std::string texts;
  for (const double tick : Axis{{-1, 1, 0, 1}, false}.ticks()) {
    texts += tick_text(tick) + " ";
  }
  CATCH_CHECK(texts == "-1 -0.5 0 0.5 1 ");
}

CATCH_TEST_CASE("a logarithmic axis has powers of ten and shows positive values only") {
  const Axis axis{{0.02, 3000, 0, 100}, true};
  CATCH_CHECK(axis.ticks().size() == 5);
  CATCH_CHECK(axis.ticks().front() == Approx(0.1));
  CATCH_CHECK(axis.position(3000) == Approx(100));
  CATCH_CHECK_FALSE(axis.shows(0));
  CATCH_CHECK_FALSE(axis.shows(std::numeric_limits<double>::quiet_NaN()));
  CATCH_CHECK(axis.shows(1));
}

CATCH_TEST_CASE("a range without extent still has places") {
  for (const double value : {0.0, 5.0, -3.0}) {
    const Axis axis{{value, value, 0, 100}, false};
    CATCH_CHECK(axis.position(value) == Approx(50));
    CATCH_CHECK_FALSE(axis.ticks().empty());
  }
}
