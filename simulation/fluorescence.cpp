// SPDX-License-Identifier: Apache-2.0
#include "simulation/fluorescence.hpp"

#include "simulation/sample_map.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

namespace lmc::simulation {

namespace {

// Of the haze, about a cell's height times the light cone's slope.
constexpr double haze_sigma_um = 3;

} // namespace

double psf_sigma_um(const OpticsSettings& optics, double defocus_um) {
  const double na = std::min(optics.objective_na, 0.99 * optics.immersion_index);
  const double in_focus = 0.225 * optics.fluorescence_um / na;
  // The paraxial cone: at a high aperture the true cone's rim is wider but carries little light.
  const double slope = na / optics.immersion_index;
  return std::hypot(in_focus, 0.35 * slope * defocus_um);
}

at::Tensor fluorescence_image(const Specimen& specimen, Organelle organelle,
                              const OpticsSettings& optics, double haze) {
  const auto& layers = specimen.density.at(channel_of(organelle));
  at::Tensor image = at::zeros_like(layers.front());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const double sigma = psf_sigma_um(optics, specimen.layers[i].height_um);
    image += blurred(layers[i], sigma / optics.pixel_um);
  }
  // The periodic blur may ring to tiny negative values.
  return (image * (1 - haze) + blurred(image, haze_sigma_um / optics.pixel_um) * haze).clamp_min(0);
}

} // namespace lmc::simulation
