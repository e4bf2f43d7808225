// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/temporary_file.hpp"
#include "simulation/settings.hpp"

#include <filesystem>
#include <utility>
#include <vector>

namespace lmc::simulation {

/// One field of view to be simulated, and its files relative to the data set's folder.
struct PlannedField {
  int id = 0;            ///< from 1, over all studies
  std::size_t study = 0; ///< index into the studies
  std::vector<std::filesystem::path> planes;
  std::vector<std::pair<Organelle, std::filesystem::path>> labels;
};

/// The fields of a run in the public set's layout (S-BIAD1047):
/// `Study_<n>/image_<id>_<BF|PC|DIC>_z<k>.ome.tiff`, k from 0, and
/// `Study_<n>/image_<id>_<Nucleus|Mitochondria|Tubulin|Actin>.ome.tiff`.
[[nodiscard]] std::vector<PlannedField> plan_fields(const SimulationOptions& options,
                                                    const std::vector<StudySettings>& studies);

/// Where and how a data set is written.
struct WriteOptions {
  std::filesystem::path output;
  int threads = 1; ///< fields at a time; no result depends on it
  Existing existing = Existing::refuse;
};

/// Simulates and writes all fields, with progress on stderr; then `fields.csv` (every file with its
/// study, field, kind and distance from best focus) and `simulation.json` (the complete options,
/// which make the same set again).
/// @param options within their ranges, see options_from_json
/// @throws Error output_exists (before anything is simulated), output_unwritable
/// @throws Interrupted between fields
void write_data_set(const SimulationOptions& options, const WriteOptions& write);

} // namespace lmc::simulation
