// SPDX-License-Identifier: Apache-2.0
#include "simulation/transmitted_light.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/fft_fft2.h>
#include <ATen/ops/fft_ifft2.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace {

using namespace lmc::simulation;

constexpr std::int64_t side = 96;
constexpr double pixel_um = 0.1;
constexpr double index_over_wavelength = 1.337 / 0.55;

/// A Gaussian beam's waist in the middle of the field.
at::Tensor waist(double radius_um) {
  const at::Tensor line = (at::arange(side, at::TensorOptions{at::kDouble}) - side / 2) * pixel_um;
  const at::Tensor squared = line.square().unsqueeze(1) + line.square().unsqueeze(0);
  return (squared * (-1 / (radius_um * radius_um))).exp();
}

double energy(const at::Tensor& field) {
  return field.abs().square().sum().item<double>();
}

} // namespace

CATCH_TEST_CASE("propagation conserves energy and is undone by its inverse") {
  const WaveGrid grid{side, pixel_um, at::kDouble};
  const at::Tensor field = waist(0.5) * unit_phasor(waist(1.0) * 2);
  const at::Tensor spectrum = at::fft_fft2(field);
  for (const Direction direction : {Direction{0, 0}, Direction{0.4, -0.7}}) {
    const at::Tensor phase = grid.axial_phase_per_um(direction, index_over_wavelength);
    const at::Tensor away = propagated(spectrum, phase, 7.5);
    CATCH_CHECK(energy(at::fft_ifft2(away)) == Approx(energy(field)).epsilon(1e-12));
    const at::Tensor back = at::fft_ifft2(propagated(away, phase, -7.5));
    CATCH_CHECK((back - field).abs().max().item<double>() < 1e-12);
    CATCH_CHECK((at::fft_ifft2(away) - field).abs().max().item<double>() > 0.1);
  }
}

CATCH_TEST_CASE("a Gaussian beam widens as its Rayleigh length says") {
  const WaveGrid grid{side, pixel_um, at::kDouble};
  const double waist_um = 0.8;
  const double rayleigh_um = std::numbers::pi * waist_um * waist_um * index_over_wavelength;
  const at::Tensor spectrum = at::fft_fft2(waist(waist_um) * unit_phasor(waist(1.0) * 0));
  const at::Tensor phase = grid.axial_phase_per_um({}, index_over_wavelength);
  // At one Rayleigh length the intensity on the axis halves (Siegman, Lasers, 17.1).
  const at::Tensor field = at::fft_ifft2(propagated(spectrum, phase, rayleigh_um));
  const double on_axis = field[side / 2][side / 2].abs().square().item<double>();
  CATCH_CHECK(on_axis == Approx(0.5).margin(0.01));
}

CATCH_TEST_CASE("waves that the medium cannot carry get no phase") {
  const WaveGrid grid{side, pixel_um, at::kDouble};
  const at::Tensor phase = grid.axial_phase_per_um({}, 2.0);
  // 4.9 cycles per micrometre, far beyond 2.
  CATCH_CHECK(phase[0][side / 2 - 1].item<double>() == 0);
  CATCH_CHECK(phase[0][4].item<double>() < 0);
}

CATCH_TEST_CASE("a tilted wave is the reference of its own phase") {
  const WaveGrid grid{side, pixel_um, at::kDouble};
  const at::Tensor phase = grid.axial_phase_per_um({0.3, 0.9}, index_over_wavelength);
  CATCH_CHECK(std::abs(phase[0][0].item<double>()) < 1e-12);
}
