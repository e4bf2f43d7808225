// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/cell.hpp"
#include "simulation/random.hpp"
#include "simulation/settings.hpp"

#include <vector>

namespace lmc::simulation {

/// Thickness (micrometres) of the small organelles, per layer of the specimen.
struct OrganelleMaps {
  std::vector<SampleMap> mitochondria;
  std::vector<SampleMap> tubulin;
  std::vector<SampleMap> actin; ///< fibres and cortex
  std::vector<SampleMap> vesicles;
  SampleMap nucleoli; ///< in the middle layer
};

/// Thickness that counts as a bright structure of each label.
inline constexpr double mitochondrion_um = 0.4;
inline constexpr double microtubule_um = 0.06;
inline constexpr double actin_um = 0.3;

/// Draws every cell's organelles: mitochondria around the nucleus, microtubules from their
/// organising centre, stress fibres along the cell and a cortex along its border, vesicles,
/// nucleoli; debris in the medium.
[[nodiscard]] OrganelleMaps draw_organelles(const std::vector<Cell>& cells, const CellMap& map,
                                            const CellSettings& settings, Random& random);

} // namespace lmc::simulation
