// SPDX-License-Identifier: Apache-2.0
#include "simulation/optics/wave.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/fft_fftfreq.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/polar.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lmc::simulation {

WaveGrid::WaveGrid(std::int64_t side, double pixel_um, at::ScalarType real_type) {
  const at::Tensor frequencies = at::fft_fftfreq(side, pixel_um, at::TensorOptions{real_type});
  fy_ = frequencies.unsqueeze(1);
  fx_ = frequencies.unsqueeze(0);
}

at::Tensor WaveGrid::squared_frequency(Direction direction) const {
  return (fy_ + direction.fy).square() + (fx_ + direction.fx).square();
}

at::Tensor WaveGrid::axial_phase_per_um(Direction direction, double index_over_wavelength) const {
  const double limit = index_over_wavelength * index_over_wavelength;
  const double own =
      std::sqrt(std::max(limit - direction.fy * direction.fy - direction.fx * direction.fx, 0.0));
  const at::Tensor left = limit - squared_frequency(direction);
  const at::Tensor phase = (left.clamp_min(0).sqrt() - own) * (2 * std::numbers::pi);
  return phase.masked_fill(left < 0, 0);
}

at::Tensor WaveGrid::cycles_along(double shift_y_um, double shift_x_um) const {
  return fy_ * shift_y_um + fx_ * shift_x_um;
}

at::Tensor unit_phasor(const at::Tensor& phase) {
  return at::polar(at::ones_like(phase), phase);
}

at::Tensor propagated(const at::Tensor& spectrum, const at::Tensor& phase_per_um,
                      double distance_um) {
  return spectrum * unit_phasor(phase_per_um * distance_um);
}

} // namespace lmc::simulation
