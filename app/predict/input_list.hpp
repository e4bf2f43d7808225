// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace lmc::app {

/// One image to predict.
struct InputFile {
  std::filesystem::path path;
  /// Below the output folder, without suffix; a folder's structure is kept.
  std::filesystem::path stem;
};

/// Images named by files, folders (searched recursively, by suffix) and quoted glob patterns,
/// sorted and without repetition.
/// @param left_out a folder whose content is no input (the output folder, which may lie inside an
/// input folder)
/// @throws Error input_missing for an argument that names nothing or cannot be reached; usage when
/// two images would get the same output name
[[nodiscard]] std::vector<InputFile> list_inputs(std::span<const std::string> arguments,
                                                 const std::filesystem::path& left_out);

/// Which part of a list this process works on.
struct Shard {
  std::size_t index = 0; ///< from 0
  std::size_t count = 1;
};

/// From `--shard-id` and `--num-shards`, else from SLURM_ARRAY_TASK_ID/COUNT (and _MIN), else from
/// JOB_COMPLETION_INDEX with `--num-shards`; negative values mean "not given".
/// @throws Error usage when index and count do not fit
[[nodiscard]] Shard choose_shard(long shard_id, long num_shards);

/// Every count-th file, beginning with `index`: neighbours in a list take equally long.
[[nodiscard]] std::vector<InputFile> part_of(std::span<const InputFile> files, const Shard& shard);

} // namespace lmc::app
