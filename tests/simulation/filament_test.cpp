// SPDX-License-Identifier: Apache-2.0
#include "simulation/sample_map.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace lmc::simulation;

namespace {

const auto everywhere = [](Point) { return true; };

} // namespace

CATCH_TEST_CASE("filaments have a worm-like chain's end-to-end distance") {
  const Growth growth{.length_um = 8, .step_um = 0.05, .persistence_um = 4};
  Random random{4, 1};
  double squares = 0;
  constexpr int count = 1500;
  for (int i = 0; i < count; ++i) {
    const Point end = grow({0, 0}, 0, growth, everywhere, random).back();
    squares += end.y * end.y + end.x * end.x;
  }
  // In two dimensions the tangents' correlation decays with twice the persistence length of
  // 1 / variance: <R^2> = 2 P L (1 - P / L (1 - exp(-L / P))) with P = 8.
  const double expected = 2 * 8 * 8 * (1 - (1 - std::exp(-1.0)));
  CATCH_CHECK(squares / count == Approx(expected).epsilon(0.06));
}

CATCH_TEST_CASE("a filament stays where it is allowed, and has its length where nothing stops it") {
  const Growth growth{.length_um = 20, .step_um = 0.1, .persistence_um = 5};
  Random random{5, 1};
  const auto inside = [](Point p) { return std::hypot(p.y, p.x) < 3; };
  std::size_t longest = 0;
  for (int i = 0; i < 20; ++i) {
    const auto places = grow({0, 0}, i, growth, inside, random);
    CATCH_CHECK(std::all_of(places.begin(), places.end(), inside));
    longest = std::max(longest, places.size());
  }
  // It turns at the border instead of ending there.
  CATCH_CHECK(longest > 60);
  CATCH_CHECK(grow({0, 0}, 0, growth, everywhere, random).size() == 201);
  CATCH_CHECK(grow({9, 9}, 0, growth, inside, random).empty());
}

CATCH_TEST_CASE("a drawn filament has the height asked for along its middle") {
  SampleMap canvas{100, 0.1};
  std::vector<Point> places;
  for (int i = 0; i < 80; ++i) {
    places.push_back({5, 1 + 0.1 * i});
  }
  draw(places, 0.1, 0.2, 0.7, canvas);
  CATCH_CHECK(canvas.at(49, 50) ==
              Approx(0.7 * std::exp(-0.5 * std::pow(0.05 / 0.2, 2))).epsilon(0.01));
  CATCH_CHECK(canvas.at(70, 50) == 0);
}
