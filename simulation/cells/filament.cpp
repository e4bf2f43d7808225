// SPDX-License-Identifier: Apache-2.0
#include "simulation/cells/filament.hpp"

#include <cmath>
#include <numbers>

namespace lmc::simulation {

namespace {

Point moved(Point place, double direction, double step_um) {
  return {place.y + step_um * std::sin(direction), place.x + step_um * std::cos(direction)};
}

} // namespace

std::vector<Point> grow(Point start, double direction, const Growth& growth,
                        const std::function<bool(Point)>& allowed, Random& random) {
  std::vector<Point> places;
  if (!allowed(start)) {
    return places;
  }
  // In two dimensions the direction's variance grows by step / persistence.
  const double bend = std::sqrt(growth.step_um / growth.persistence_um);
  const auto steps = static_cast<std::size_t>(growth.length_um / growth.step_um);
  places.push_back(start);
  for (std::size_t i = 0; i < steps; ++i) {
    direction += bend * random.normal();
    Point next = moved(places.back(), direction, growth.step_um);
    const double side = random.uniform() < 0.5 ? -1 : 1;
    for (int turn = 1; turn <= 6 && !allowed(next); ++turn) {
      direction += side * turn * 0.15;
      next = moved(places.back(), direction, growth.step_um);
    }
    if (!allowed(next)) {
      break;
    }
    places.push_back(next);
  }
  return places;
}

void draw(const std::vector<Point>& places, double step_um, double sigma_um, double height,
          SquareMap& canvas) {
  // Spots this far apart sum up to an even line of this height.
  const double spot = height * step_um / (sigma_um * std::sqrt(2 * std::numbers::pi));
  for (const Point place : places) {
    canvas.add_spot(place, sigma_um, spot);
  }
}

} // namespace lmc::simulation
