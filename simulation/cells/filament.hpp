// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/cells/square_map.hpp"
#include "simulation/random.hpp"

#include <functional>
#include <vector>

namespace lmc::simulation {

/// How a filament grows.
struct Growth {
  double length_um = 5;
  double step_um = 0.1;
  double persistence_um = 3; ///< length over which it forgets its direction
};

/// Places along a worm-like chain (Kratky and Porod 1949) from `start`. It tries a few turns where
/// `allowed` says no, and ends there when none helps.
[[nodiscard]] std::vector<Point> grow(Point start, double direction, const Growth& growth,
                                      const std::function<bool(Point)>& allowed, Random& random);

/// Draws a filament with a Gaussian profile, `height` in its middle line.
void draw(const std::vector<Point>& places, double step_um, double sigma_um, double height,
          SquareMap& canvas);

} // namespace lmc::simulation
