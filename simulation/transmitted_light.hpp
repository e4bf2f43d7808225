// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "simulation/settings.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace lmc::simulation {

/// A plane wave's direction as its spatial frequency across the field, cycles per micrometre.
struct Direction {
  double fy = 0;
  double fx = 0;
};

/// Light of one wavelength on a square field with periodic borders. Complex fields u [side, side]
/// are taken relative to a tilted plane wave: E(y, x) = u(y, x) exp(2 pi i (fy y + fx x)), so that
/// the direction need not lie on the frequency grid.
class WaveGrid {
public:
  /// @param real_type at::kFloat or at::kDouble
  WaveGrid(std::int64_t side, double pixel_um, at::ScalarType real_type);

  /// Squared length of the spatial frequency of every Fourier coefficient of u, seen from the
  /// optical axis. [side, side]
  [[nodiscard]] at::Tensor squared_frequency(Direction direction) const;

  /// Phase per micrometre of travel along the axis, relative to the plane wave itself, after the
  /// angular spectrum of plane waves (Goodman, Introduction to Fourier Optics, 3.10):
  /// 2 pi (sqrt((n / wavelength)^2 - f^2) - sqrt((n / wavelength)^2 - f0^2)).
  /// Evanescent waves get no phase. [side, side]
  /// @param index_over_wavelength n / wavelength, cycles per micrometre
  [[nodiscard]] at::Tensor axial_phase_per_um(Direction direction,
                                              double index_over_wavelength) const;

  /// Factor of a shift by (y, x) micrometres: cycles, f . s, of the coefficients of u.
  [[nodiscard]] at::Tensor cycles_along(double shift_y_um, double shift_x_um) const;

private:
  at::Tensor fy_; ///< [side, 1]
  at::Tensor fx_; ///< [1, side]
};

/// exp(i phase), complex.
[[nodiscard]] at::Tensor unit_phasor(const at::Tensor& phase);

/// The spectrum after a distance: every coefficient turned by its axial phase.
[[nodiscard]] at::Tensor propagated(const at::Tensor& spectrum, const at::Tensor& phase_per_um,
                                    double distance_um);

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
