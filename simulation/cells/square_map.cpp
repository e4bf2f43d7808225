// SPDX-License-Identifier: Apache-2.0
#include "simulation/cells/square_map.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/fft_fftfreq.h>
#include <ATen/ops/fft_irfft2.h>
#include <ATen/ops/fft_rfft2.h>
#include <ATen/ops/fft_rfftfreq.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lmc::simulation {

SquareMap::SquareMap(std::int64_t side, double pixel_um)
    : side_{side}, pixel_um_{pixel_um}, values_(static_cast<std::size_t>(side * side), 0.0F) {}

SquareMap::Range SquareMap::pixels_within(double centre_um, double radius_um) const {
  const auto pixel = [this](double um) {
    // Clamped as a double: a place far outside must not overflow the integer.
    return static_cast<std::int64_t>(
        std::clamp(std::floor(um / pixel_um_), -1.0, static_cast<double>(side_)));
  };
  return {std::max<std::int64_t>(pixel(centre_um - radius_um), 0),
          std::min(pixel(centre_um + radius_um) + 1, side_)};
}

float SquareMap::at(Point place) const {
  const double y = std::floor(place.y / pixel_um_);
  const double x = std::floor(place.x / pixel_um_);
  const auto limit = static_cast<double>(side_);
  if (!(y >= 0 && y < limit && x >= 0 && x < limit)) {
    return 0;
  }
  return at(static_cast<std::int64_t>(y), static_cast<std::int64_t>(x));
}

void SquareMap::add_spot(Point place, double sigma_um, double height) {
  const Range rows = pixels_within(place.y, 3 * sigma_um);
  const Range columns = pixels_within(place.x, 3 * sigma_um);
  const double scale = -0.5 / (sigma_um * sigma_um);
  for (std::int64_t y = rows.first; y < rows.last; ++y) {
    const double dy = (static_cast<double>(y) + 0.5) * pixel_um_ - place.y;
    for (std::int64_t x = columns.first; x < columns.last; ++x) {
      const double dx = (static_cast<double>(x) + 0.5) * pixel_um_ - place.x;
      at(y, x) += static_cast<float>(height * std::exp(scale * (dy * dy + dx * dx)));
    }
  }
}

void SquareMap::add_sphere(Point place, double radius_um, double scale) {
  const Range rows = pixels_within(place.y, radius_um);
  const Range columns = pixels_within(place.x, radius_um);
  for (std::int64_t y = rows.first; y < rows.last; ++y) {
    const double dy = (static_cast<double>(y) + 0.5) * pixel_um_ - place.y;
    for (std::int64_t x = columns.first; x < columns.last; ++x) {
      const double dx = (static_cast<double>(x) + 0.5) * pixel_um_ - place.x;
      const double squared = radius_um * radius_um - dy * dy - dx * dx;
      if (squared > 0) {
        at(y, x) += static_cast<float>(2 * scale * std::sqrt(squared));
      }
    }
  }
}

at::Tensor SquareMap::tensor() const {
  // from_blob takes a mutable pointer; the clone is taken before anything could write.
  return at::from_blob(const_cast<float*>(values_.data()), {side_, side_}, at::kFloat).clone();
}

at::Tensor blurred(const at::Tensor& map, double sigma_pixels) {
  const auto options = map.options();
  const at::Tensor fy = at::fft_fftfreq(map.size(0), 1.0, options).unsqueeze(1);
  const at::Tensor fx = at::fft_rfftfreq(map.size(1), 1.0, options).unsqueeze(0);
  const double scale = -2 * std::pow(std::numbers::pi * sigma_pixels, 2);
  const at::Tensor transfer = at::exp((fy * fy + fx * fx) * scale);
  return at::fft_irfft2(at::fft_rfft2(map) * transfer, at::IntArrayRef{map.size(0), map.size(1)});
}

} // namespace lmc::simulation
