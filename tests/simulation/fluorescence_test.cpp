// SPDX-License-Identifier: Apache-2.0
#include "simulation/fluorescence.hpp"

#include "simulation/sample_map.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace lmc::simulation;
using lmc::Organelle;

/// One small labelled particle at a height.
Specimen particle(double height_um) {
  SampleMap canvas{128, 0.05};
  canvas.add_spot({3.2, 3.2}, 0.05, 1);
  Specimen specimen;
  specimen.layers = {{.height_um = height_um, .path_um = {}, .absorption = {}}};
  specimen.density.at(channel_of(Organelle::nucleus)).push_back(canvas.tensor());
  return specimen;
}

at::Tensor image_at(double height_um, double haze) {
  OpticsSettings optics;
  optics.pixel_um = 0.05;
  return fluorescence_image(particle(height_um), Organelle::nucleus, optics, haze);
}

} // namespace

CATCH_TEST_CASE("a particle in focus has the width that the aperture gives") {
  const OpticsSettings optics;
  const double sigma = psf_sigma_um(optics, 0);
  CATCH_CHECK(sigma == Approx(0.225 * 0.6 / 0.8));
  const at::Tensor image = image_at(0, 0);
  // Second moment along x, in micrometres; the particle's own 0.05 um add.
  double sum = 0;
  double squares = 0;
  for (std::int64_t x = 0; x < 128; ++x) {
    const double value = image.select(1, x).sum().item<double>();
    const double um = (static_cast<double>(x) + 0.5) * 0.05 - 3.2;
    sum += value;
    squares += value * um * um;
  }
  CATCH_CHECK(std::sqrt(squares / sum) == Approx(std::hypot(sigma, 0.05)).epsilon(0.01));
}

CATCH_TEST_CASE("defocus and haze spread the light and keep its sum") {
  const at::Tensor sharp = image_at(0, 0);
  for (const at::Tensor& spread : {image_at(1.5, 0), image_at(-1.5, 0), image_at(0, 0.4)}) {
    CATCH_CHECK(spread.max().item<double>() < 0.8 * sharp.max().item<double>());
    CATCH_CHECK(spread.sum().item<double>() == Approx(sharp.sum().item<double>()).epsilon(1e-3));
    CATCH_CHECK(spread.min().item<double>() >= 0);
  }
}

CATCH_TEST_CASE("a higher aperture is sharper in focus and blurs faster out of it") {
  OpticsSettings low;
  low.objective_na = 0.5;
  OpticsSettings high;
  high.objective_na = 1.2;
  CATCH_CHECK(psf_sigma_um(high, 0) < psf_sigma_um(low, 0));
  CATCH_CHECK(psf_sigma_um(high, 3) > psf_sigma_um(low, 3));
}
