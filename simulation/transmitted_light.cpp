// SPDX-License-Identifier: Apache-2.0
#include "simulation/transmitted_light.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/fft_fft2.h>
#include <ATen/ops/fft_fftfreq.h>
#include <ATen/ops/fft_ifft2.h>
#include <ATen/ops/imag.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/polar.h>
#include <ATen/ops/real.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

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

namespace {

constexpr double pi = std::numbers::pi;

/// Points spread evenly over a disc (Vogel, Mathematical Biosciences 44, 1979), then their
/// opposites: an uneven pair would tilt the defocused image.
std::vector<Direction> disc(double radius, int points) {
  const double golden_angle = pi * (3 - std::sqrt(5.0));
  const int half = points / 2;
  std::vector<Direction> directions;
  for (int i = 0; i < half; ++i) {
    const double r = radius * std::sqrt((i + 0.5) / half);
    directions.push_back({r * std::sin(i * golden_angle), r * std::cos(i * golden_angle)});
  }
  for (int i = 0; i < half; ++i) {
    const Direction opposite = directions[static_cast<std::size_t>(i)];
    directions.push_back({-opposite.fy, -opposite.fx});
  }
  return directions;
}

std::vector<Direction> annulus(double radius, int points) {
  std::vector<Direction> directions;
  for (int i = 0; i < points; ++i) {
    const double angle = 2 * pi * (i + 0.5) / points;
    directions.push_back({radius * std::sin(angle), radius * std::cos(angle)});
  }
  return directions;
}

/// What the wave of one direction meets between the specimen and the camera, and the amplitude of
/// its undisturbed part behind it.
struct Pupil {
  at::Tensor transfer; ///< of the coefficients of u, real or complex [side, side]
  double background;   ///< intensity without a specimen
};

/// 1 inside the aperture. Waves that the medium cannot carry never arrive.
at::Tensor aperture(const WaveGrid& grid, const OpticsSettings& optics, Direction direction) {
  const double cutoff =
      std::min(optics.objective_na, optics.immersion_index) / optics.wavelength_um;
  const at::Tensor squared = grid.squared_frequency(direction);
  return (squared <= cutoff * cutoff).to(squared.scalar_type());
}

/// Turns the light on the annulus's image against the rest by a quarter of a wave. In the sign
/// convention here (a delay is a positive phase) the diffracted wave of a thicker place is +i times
/// its phase; the direct light at -i opposes it: darker.
Pupil phase_plate(const WaveGrid& grid, const OpticsSettings& optics, Direction direction) {
  const at::Tensor inside = aperture(grid, optics, direction);
  const at::Tensor na = grid.squared_frequency(direction).sqrt() * optics.wavelength_um;
  const at::Tensor on_ring =
      ((na - optics.ring_na).abs() <= optics.ring_width_na / 2).to(inside.scalar_type());
  const c10::complex<double> plate{0, std::sqrt(optics.ring_transmission) *
                                          (optics.positive_phase ? -1 : 1)};
  const at::Tensor factor = on_ring * (c10::complex<double>{-1, 0} + plate) + 1;
  return {inside * factor, optics.ring_transmission};
}

/// Half the difference of two images, one shear apart and turned by the bias against each other.
/// The second prism undoes the first's tilt of each source direction, so that the bias is the same
/// for all of them.
Pupil sheared_pair(const WaveGrid& grid, const OpticsSettings& optics, Direction direction) {
  const double angle = optics.shear_degrees * pi / 180;
  const double half_bias = optics.bias_degrees * pi / 360;
  const at::Tensor cycles =
      grid.cycles_along(optics.shear_um * std::sin(angle), optics.shear_um * std::cos(angle));
  const at::Tensor shear = (cycles * pi + half_bias).sin();
  return {aperture(grid, optics, direction) * shear, std::pow(std::sin(half_bias), 2)};
}

Pupil pupil_of(Modality modality, const WaveGrid& grid, const OpticsSettings& optics,
               Direction direction) {
  switch (modality) {
  case Modality::bright_field:
    return {aperture(grid, optics, direction), 1};
  case Modality::phase_contrast:
    return phase_plate(grid, optics, direction);
  case Modality::dic:
    return sheared_pair(grid, optics, direction);
  case Modality::unknown:
    break;
  }
  throw std::invalid_argument{"transmitted light: the modality is unknown"};
}

/// exp(i 2 pi path / wavelength - absorption)
at::Tensor transmission(const Layer& layer, double wavelength_um) {
  const at::Tensor phasor = unit_phasor(layer.path_um * (2 * pi / wavelength_um));
  return layer.absorption.defined() ? phasor * (-layer.absorption).exp() : phasor;
}

/// Spectrum of the wave above the last layer, referred to height 0.
at::Tensor pass_layers(std::span<const Layer> layers, const std::vector<at::Tensor>& transmissions,
                       const at::Tensor& phase_per_um) {
  at::Tensor spectrum = at::fft_fft2(transmissions.front());
  for (std::size_t i = 1; i < layers.size(); ++i) {
    const double gap = layers[i].height_um - layers[i - 1].height_um;
    const at::Tensor field = at::fft_ifft2(propagated(spectrum, phase_per_um, gap));
    spectrum = at::fft_fft2(field * transmissions[i]);
  }
  return propagated(spectrum, phase_per_um, -layers.back().height_um);
}

at::Tensor intensity(const at::Tensor& field) {
  return at::real(field).square() + at::imag(field).square();
}

} // namespace

std::vector<Direction> source_directions(Modality modality, const OpticsSettings& optics) {
  return modality == Modality::phase_contrast
             ? annulus(optics.ring_na / optics.wavelength_um, optics.source_points)
             : disc(optics.condenser_na / optics.wavelength_um, optics.source_points);
}

at::Tensor transmitted_images(std::span<const Layer> layers, Modality modality,
                              const OpticsSettings& optics, std::span<const double> focus_um) {
  const at::Tensor& first = layers.front().path_um;
  const std::int64_t side = first.size(0);
  const WaveGrid grid{side, optics.pixel_um, first.scalar_type()};
  std::vector<at::Tensor> transmissions;
  for (const Layer& layer : layers) {
    transmissions.push_back(transmission(layer, optics.wavelength_um));
  }
  at::Tensor images =
      at::zeros({static_cast<std::int64_t>(focus_um.size()), side, side}, first.options());
  double background = 0;
  for (const Direction direction : source_directions(modality, optics)) {
    const at::Tensor phase_per_um =
        grid.axial_phase_per_um(direction, optics.immersion_index / optics.wavelength_um);
    const Pupil pupil = pupil_of(modality, grid, optics, direction);
    const at::Tensor spectrum = pass_layers(layers, transmissions, phase_per_um) * pupil.transfer;
    for (std::size_t plane = 0; plane < focus_um.size(); ++plane) {
      const at::Tensor focused = propagated(spectrum, phase_per_um, focus_um[plane]);
      images[static_cast<std::int64_t>(plane)] += intensity(at::fft_ifft2(focused));
    }
    background += pupil.background;
  }
  return images / background;
}

} // namespace lmc::simulation
