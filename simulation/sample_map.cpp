// SPDX-License-Identifier: Apache-2.0
#include "simulation/sample_map.hpp"

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

namespace {

Point moved(Point place, double direction, double step_um) {
  return {place.y + step_um * std::sin(direction), place.x + step_um * std::cos(direction)};
}

} // namespace

SampleMap::SampleMap(Index side, double pixel_um) : plane_{side, side}, pixel_um_{pixel_um} {}

SampleMap::Range SampleMap::pixels_within(double centre_um, double radius_um) const {
  const auto pixel = [this](double um) {
    // Clamped as a double: a place far outside must not overflow the integer.
    return static_cast<Index>(
        std::clamp(std::floor(um / pixel_um_), -1.0, static_cast<double>(side())));
  };
  return {std::max<Index>(pixel(centre_um - radius_um), 0),
          std::min(pixel(centre_um + radius_um) + 1, side())};
}

float SampleMap::at(Point place) const {
  const double y = std::floor(place.y / pixel_um_);
  const double x = std::floor(place.x / pixel_um_);
  const auto limit = static_cast<double>(side());
  if (!(y >= 0 && y < limit && x >= 0 && x < limit)) {
    return 0;
  }
  return at(static_cast<Index>(y), static_cast<Index>(x));
}

void SampleMap::add_spot(Point place, double sigma_um, double height) {
  const Range rows = pixels_within(place.y, 3 * sigma_um);
  const Range columns = pixels_within(place.x, 3 * sigma_um);
  const double scale = -0.5 / (sigma_um * sigma_um);
  for (Index y = rows.first; y < rows.last; ++y) {
    const double dy = (static_cast<double>(y) + 0.5) * pixel_um_ - place.y;
    for (Index x = columns.first; x < columns.last; ++x) {
      const double dx = (static_cast<double>(x) + 0.5) * pixel_um_ - place.x;
      at(y, x) += static_cast<float>(height * std::exp(scale * (dy * dy + dx * dx)));
    }
  }
}

void SampleMap::add_sphere(Point place, double radius_um, double scale) {
  const Range rows = pixels_within(place.y, radius_um);
  const Range columns = pixels_within(place.x, radius_um);
  for (Index y = rows.first; y < rows.last; ++y) {
    const double dy = (static_cast<double>(y) + 0.5) * pixel_um_ - place.y;
    for (Index x = columns.first; x < columns.last; ++x) {
      const double dx = (static_cast<double>(x) + 0.5) * pixel_um_ - place.x;
      const double squared = radius_um * radius_um - dy * dy - dx * dx;
      if (squared > 0) {
        at(y, x) += static_cast<float>(2 * scale * std::sqrt(squared));
      }
    }
  }
}

at::Tensor SampleMap::tensor() const {
  // from_blob takes a mutable pointer; the clone is taken before anything could write.
  return at::from_blob(const_cast<float*>(plane_.pixels().data()), {side(), side()}, at::kFloat)
      .clone();
}

at::Tensor blurred(const at::Tensor& map, double sigma_pixels) {
  const auto options = map.options();
  const at::Tensor fy = at::fft_fftfreq(map.size(0), 1.0, options).unsqueeze(1);
  const at::Tensor fx = at::fft_rfftfreq(map.size(1), 1.0, options).unsqueeze(0);
  const double scale = -2 * std::pow(std::numbers::pi * sigma_pixels, 2);
  const at::Tensor transfer = at::exp((fy * fy + fx * fx) * scale);
  return at::fft_irfft2(at::fft_rfft2(map) * transfer, at::IntArrayRef{map.size(0), map.size(1)});
}

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
          SampleMap& map) {
  // Spots this far apart sum up to an even line of this height.
  const double spot = height * step_um / (sigma_um * std::sqrt(2 * std::numbers::pi));
  for (const Point place : places) {
    map.add_spot(place, sigma_um, spot);
  }
}

} // namespace lmc::simulation
