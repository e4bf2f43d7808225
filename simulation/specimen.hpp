// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "simulation/random.hpp"
#include "simulation/settings.hpp"
#include "simulation/transmitted_light.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <vector>

namespace lmc::simulation {

/// Layers that a specimen is cut into, bottom to top. With three, each is about 2 um thick, near
/// the depth of field of the objectives (wavelength * n / NA^2: 1.1 um at 0.8).
inline constexpr std::size_t layer_count = 3;

/// A field of cells: what transmitted light passes and what fluorophores label.
struct Specimen {
  std::vector<Layer> layers;
  /// Density of each organelle's label per layer, about 1 in a bright structure. [side, side]
  std::array<std::vector<at::Tensor>, organelle_count> density;
};

/// Grows a field of cells.
/// @param side of the square field, pixels of `pixel_um`
[[nodiscard]] Specimen grow_specimen(const CellSettings& settings, std::int64_t side,
                                     double pixel_um, Random& random);

} // namespace lmc::simulation
