// SPDX-License-Identifier: Apache-2.0
#include "simulation/camera.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace lmc::simulation {

namespace {

/// A dust particle's shadow: a faint disc with a soft rim.
at::Tensor shadow(const at::Tensor& y, const at::Tensor& x, Random& random) {
  const double radius = random.uniform(0.01, 0.05);
  const double depth = random.uniform(0.002, 0.015);
  const at::Tensor distance =
      ((y - random.uniform(-0.5, 0.5)).square() + (x - random.uniform(-0.5, 0.5)).square()).sqrt();
  return at::sigmoid((radius - distance) / (0.15 * radius)) * depth;
}

} // namespace

std::vector<std::uint16_t> expose(const at::Tensor& intensity, const Exposure& exposure,
                                  Random& random) {
  const at::Tensor plane = intensity.contiguous();
  const auto* const values = plane.data_ptr<float>();
  const auto count = static_cast<std::size_t>(plane.numel());
  std::vector<std::uint16_t> counts(count);
  constexpr double limit = std::numeric_limits<std::uint16_t>::max();
  for (std::size_t i = 0; i < count; ++i) {
    const double light = static_cast<double>(values[i]) * exposure.counts;
    const double electrons = random.poisson(light * exposure.electrons_per_count);
    const double level = electrons / exposure.electrons_per_count + exposure.offset_counts +
                         exposure.read_noise_counts * random.normal();
    counts[i] = static_cast<std::uint16_t>(std::clamp(std::round(level), 0.0, limit));
  }
  return counts;
}

at::Tensor illumination(std::int64_t side, double unevenness, Random& random) {
  const at::Tensor line = at::linspace(-0.5, 0.5, side, at::TensorOptions{at::kFloat});
  const at::Tensor y = line.unsqueeze(1);
  const at::Tensor x = line.unsqueeze(0);
  const double direction = random.uniform(0, 2 * std::numbers::pi);
  const double tilt = random.uniform(0.2, 0.8) * unevenness;
  const double off_y = random.uniform(-0.2, 0.2);
  const double off_x = random.uniform(-0.2, 0.2);
  const at::Tensor ramp = (y * std::sin(direction) + x * std::cos(direction)) * tilt;
  const at::Tensor bowl = ((y - off_y).square() + (x - off_x).square()) * (unevenness - tilt);
  at::Tensor light = ramp - bowl + 1;
  const std::size_t dust = random.index(6);
  for (std::size_t i = 0; i < dust; ++i) {
    light = light - shadow(y, x, random);
  }
  return light;
}

} // namespace lmc::simulation
