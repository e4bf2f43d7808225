// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "simulation/random.hpp"

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace lmc::simulation {

/// A place in the sample, micrometres from its upper left corner.
struct Point {
  double y = 0;
  double x = 0;
};

/// A quantity over the sample (a height, a thickness, a density), [side, side], that shapes are
/// drawn on. Places outside it are allowed and draw nothing.
class SampleMap {
public:
  SampleMap(Index side, double pixel_um);

  [[nodiscard]] Index side() const noexcept { return plane_.height(); }
  [[nodiscard]] double pixel_um() const noexcept { return pixel_um_; }
  [[nodiscard]] float& at(Index y, Index x) { return plane_(y, x); }
  [[nodiscard]] float at(Index y, Index x) const { return plane_(y, x); }
  /// Value of the pixel that holds this place; 0 outside.
  [[nodiscard]] float at(Point place) const;

  /// Adds a Gaussian spot, `height` in its middle.
  void add_spot(Point place, double sigma_um, double height);

  /// Adds a sphere's thickness (micrometres) or, with `scale`, a multiple of it.
  void add_sphere(Point place, double radius_um, double scale);

  /// float32 [side, side], a copy.
  [[nodiscard]] at::Tensor tensor() const;

private:
  struct Range {
    Index first;
    Index last; ///< one past
  };
  [[nodiscard]] Range pixels_within(double centre_um, double radius_um) const;

  Plane<float> plane_;
  double pixel_um_;
};

/// Convolution with a Gaussian; the borders are periodic.
/// @param map [height, width], real
[[nodiscard]] at::Tensor blurred(const at::Tensor& map, double sigma_pixels);

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
          SampleMap& map);

} // namespace lmc::simulation
