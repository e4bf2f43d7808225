// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/settings.hpp"

#include <cstdint>
#include <vector>

namespace lmc::simulation {

/// Studies for a run: `options.studies` in turn, or drawn from the seed. A drawn study takes
/// modality, pixel size, objective and labels of one of the 30 studies of the Light My Cells public
/// set (BioImage Archive S-BIAD1047), in shuffled order, and its own cells, light and camera.
/// @return one per `fields_per_study` fields, the last may have fewer
[[nodiscard]] std::vector<StudySettings> studies_of(const SimulationOptions& options);

} // namespace lmc::simulation
