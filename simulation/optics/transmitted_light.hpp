// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "simulation/optics/wave.hpp"
#include "simulation/settings.hpp"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace lmc::simulation {

/// A thin part of the specimen, at one height.
struct Layer {
  double height_um = 0;  ///< above the focal plane of best focus
  at::Tensor path_um;    ///< optical path difference to the medium, micrometres [side, side]
  at::Tensor absorption; ///< of the amplitude: exp(-absorption) is left [side, side]; or undefined
};

/// Directions of the plane waves that make up the source, in opposite pairs: a disc of the
/// condenser's aperture (bright field, DIC), or its annulus (phase contrast).
[[nodiscard]] std::vector<Direction> source_directions(Modality modality,
                                                       const OpticsSettings& optics);

/// The image of the specimen at each focus, relative to the background (1 without a specimen).
///
/// Per source direction the wave passes the layers bottom to top (multi-slice: Cowley and Moodie,
/// Acta Crystallographica 10, 1957), then the objective's pupil: bright field passes what is inside
/// the aperture; phase contrast turns and weakens the light on the annulus's image (Zernike,
/// Physica 9, 1942); DIC lets two images, sheared and turned by the bias, interfere
/// (Mehta and Sheppard, Opt. Express 16, 2008). Intensities of the directions add (Hopkins 1953).
/// @param layers bottom to top, at least one
/// @param focus_um heights that the objective is focused on
/// @return real, [focus planes, side, side], the layers' floating type
[[nodiscard]] at::Tensor transmitted_images(std::span<const Layer> layers, Modality modality,
                                            const OpticsSettings& optics,
                                            std::span<const double> focus_um);

} // namespace lmc::simulation
