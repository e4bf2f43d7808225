// SPDX-License-Identifier: Apache-2.0
#include "simulation/cell.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace lmc::simulation;

CATCH_TEST_CASE("a smooth outline is an ellipse of the radius asked for") {
  Random random{1, 1};
  const Outline outline{{10, 20}, 6, 2.25, 0, 0, random};
  // Semi-axes 6 * 1.5 along x and 6 / 1.5 along y.
  CATCH_CHECK(outline.relative({10, 29}) == Approx(1).epsilon(1e-3));
  CATCH_CHECK(outline.relative({14, 20}) == Approx(1).epsilon(1e-3));
  CATCH_CHECK(outline.relative({12, 20}) == Approx(0.5).epsilon(1e-3));
  CATCH_CHECK(outline.relative({10, 20}) == 0);
  CATCH_CHECK(outline.reach_um() == Approx(9).epsilon(1e-3));
}

CATCH_TEST_CASE("a protrusion reaches out in its direction only") {
  Random random{1, 1};
  Outline outline{{0, 0}, 5, 1, 0, 0, random};
  outline.add_protrusion(std::numbers::pi / 2, 3, 0.1);
  CATCH_CHECK(outline.relative({8, 0}) == Approx(1).epsilon(1e-2));
  CATCH_CHECK(outline.relative({-5, 0}) == Approx(1).epsilon(1e-2));
}

CATCH_TEST_CASE("cells keep apart and cover the field as asked") {
  CellSettings settings;
  settings.confluence = 0.3;
  Random random{2, 1};
  const auto cells = place_cells(200, settings, random);
  const double area = std::pow(200 + 2 * settings.radius_um, 2);
  const double expected = 0.3 * area / (std::numbers::pi * std::pow(settings.radius_um, 2));
  CATCH_CHECK(static_cast<double>(cells.size()) == Approx(expected).margin(1));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Point a = cells[i].body.centre();
      const Point b = cells[k].body.centre();
      CATCH_CHECK(std::hypot(a.y - b.y, a.x - b.x) > settings.radius_um);
    }
  }
}

CATCH_TEST_CASE("a nucleus lies within its cell, with cytoplasm below and above") {
  const CellSettings settings;
  Random random{3, 1};
  const auto cells = place_cells(60, settings, random);
  const CellMap map = map_cells(cells, settings, 300, 0.2);
  std::int64_t nuclear = 0;
  for (std::int64_t y = 0; y < 300; ++y) {
    for (std::int64_t x = 0; x < 300; ++x) {
      if (map.owner.at(y, x) == 0) {
        CATCH_REQUIRE(map.height.at(y, x) == 0);
      }
      if (map.nucleus.at(y, x) > 0) {
        ++nuclear;
        CATCH_REQUIRE(map.owner.at(y, x) > 0);
        CATCH_REQUIRE(map.nucleus.at(y, x) + 2 * nucleus_bottom_um <= map.height.at(y, x) + 1e-5);
      }
    }
  }
  CATCH_CHECK(nuclear > 1000);
}

CATCH_TEST_CASE("no cells where none are asked for") {
  CellSettings settings;
  settings.confluence = 0;
  Random random{3, 1};
  CATCH_CHECK(place_cells(50, settings, random).empty());
}
