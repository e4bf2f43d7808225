// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/settings.hpp"
#include "simulation/specimen.hpp"

#include <ATen/core/Tensor.h>

namespace lmc::simulation {

/// Standard deviation of a Gaussian that approximates the widefield point spread function at
/// `defocus_um`: 0.225 wavelength / NA in focus (Zhang, Zerubia and Olivo-Marin, Appl. Opt. 46,
/// 2007), widened out of focus with the light cone: 0.35 of its radius, the standard
/// deviation of a disc along one axis being 0.5 and its core brighter.
[[nodiscard]] double psf_sigma_um(const OpticsSettings& optics, double defocus_um);

/// What a widefield microscope at best focus sees of one label: the layers' densities, each blurred
/// by its point spread function, and the haze of what is far out of focus.
/// @param haze part of the light in it, 0 .. 1
/// @return float32 [side, side], not negative
[[nodiscard]] at::Tensor fluorescence_image(const Specimen& specimen, Organelle organelle,
                                            const OpticsSettings& optics, double haze);

} // namespace lmc::simulation
