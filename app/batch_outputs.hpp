// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/batch_run.hpp"
#include "app/image_job.hpp"
#include "app/input_list.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace lmc::app {

/// `<output>/<stem>_<organelle>.ome.tiff`
[[nodiscard]] OutputFiles output_files(const BatchOptions& options, const InputFile& file);

/// `<previews>/<stem>.png`
[[nodiscard]] std::filesystem::path preview_file(const BatchOptions& options,
                                                 const InputFile& file);

/// Whether every wanted organelle's file is there.
[[nodiscard]] bool all_exist(const OutputFiles& files, const std::vector<Organelle>& organelles);

/// "summary.json" or, of a shard, "summary_<i>_of_<n>.json".
[[nodiscard]] std::string summary_name(const Shard& shard, const char* suffix);

/// Everything about the outputs that can go wrong, found before a network runs.
/// @throws Error output_unwritable, output_exists
void check_outputs(const BatchOptions& options, const std::vector<InputFile>& files);

} // namespace lmc::app
