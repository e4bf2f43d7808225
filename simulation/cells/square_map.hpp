// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace lmc::simulation {

/// A place on the canvas, micrometres from its upper left corner.
struct Point {
  double y = 0;
  double x = 0;
};

/// A square map [side, side], row-major, that shapes are drawn on. Places outside it are allowed
/// and draw nothing.
class SquareMap {
public:
  SquareMap(std::int64_t side, double pixel_um);

  [[nodiscard]] std::int64_t side() const noexcept { return side_; }
  [[nodiscard]] double pixel_um() const noexcept { return pixel_um_; }
  [[nodiscard]] float& at(std::int64_t y, std::int64_t x) {
    return values_[static_cast<std::size_t>(y * side_ + x)];
  }
  [[nodiscard]] float at(std::int64_t y, std::int64_t x) const {
    return values_[static_cast<std::size_t>(y * side_ + x)];
  }
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
    std::int64_t first;
    std::int64_t last; ///< one past
  };
  [[nodiscard]] Range pixels_within(double centre_um, double radius_um) const;

  std::int64_t side_;
  double pixel_um_;
  std::vector<float> values_;
};

/// Convolution with a Gaussian; the borders are periodic.
/// @param map [height, width], real
[[nodiscard]] at::Tensor blurred(const at::Tensor& map, double sigma_pixels);

} // namespace lmc::simulation
