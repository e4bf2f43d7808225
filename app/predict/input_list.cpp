// SPDX-License-Identifier: Apache-2.0
#include "app/predict/input_list.hpp"

#include "common/error.hpp"
#include "common/text.hpp"
#include "dataset/scan.hpp"
#include "image/image_suffix.hpp"

#include <fmt/format.h>

#include <glob.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

void add_folder(const fs::path& folder, const fs::path& left_out, std::vector<InputFile>& files) {
  const std::vector<fs::path> images = dataset::images_below(folder, {&left_out, 1});
  if (images.empty()) {
    throw Error{ErrorCode::input_ambiguous, folder.string(), "no image in this folder",
                "name a folder with .tif, .tiff, .mha, .nrrd, .nii or .png files"};
  }
  for (const fs::path& image : images) {
    files.push_back({folder / image, image::without_image_suffix(image)});
  }
}

std::vector<fs::path> expand(const std::string& pattern) {
  glob_t found{};
  const int status = glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&globfree)> owner{&found, &globfree};
  if (status == GLOB_NOSPACE) {
    throw std::bad_alloc{};
  }
  return {found.gl_pathv, found.gl_pathv + (status == 0 ? found.gl_pathc : 0)};
}

void add_argument(const std::string& argument, const fs::path& left_out,
                  std::vector<InputFile>& files) {
  // A name that exists is that file, even if it holds a "*" or a "[".
  if (fs::is_directory(argument)) {
    add_folder(argument, left_out, files);
    return;
  }
  if (fs::exists(fs::symlink_status(argument))) {
    files.push_back({argument, image::without_image_suffix(fs::path{argument}.filename())});
    return;
  }
  const std::vector<fs::path> matches = expand(argument);
  if (matches.empty()) {
    throw Error{ErrorCode::input_missing, argument,
                "no such file or folder, and no file matches it",
                "check the path; quote patterns such as 'plate/*.tif'"};
  }
  for (const fs::path& match : matches) {
    if (fs::is_directory(match)) {
      add_folder(match, left_out, files);
    } else {
      files.push_back({match, image::without_image_suffix(match.filename())});
    }
  }
}

void refuse_same_names(const std::vector<InputFile>& files) {
  std::map<fs::path, fs::path> owner;
  for (const InputFile& file : files) {
    const auto [other, is_new] = owner.emplace(file.stem, file.path);
    if (!is_new) {
      throw Error{
          ErrorCode::usage, file.path.string(),
          fmt::format("its outputs would have the same names as those of {}",
                      other->second.string()),
          "predict them into different output folders, or give their common folder as input"};
    }
  }
}

/// An environment variable that holds a number.
std::optional<long> number_from_environment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto value = number_from<long>(text);
  if (!value) {
    throw Error{ErrorCode::usage, name, fmt::format("\"{}\" is no number", text),
                "unset it, or pass --shard-id and --num-shards"};
  }
  return value;
}

} // namespace

std::vector<InputFile> list_inputs(std::span<const std::string> arguments,
                                   const fs::path& left_out) {
  std::vector<InputFile> files;
  for (const std::string& argument : arguments) {
    try {
      add_argument(argument, left_out, files);
    } catch (const fs::filesystem_error& error) {
      throw Error{ErrorCode::input_missing,
                  error.path1().empty() ? argument : error.path1().string(),
                  fmt::format("cannot be reached ({})", error.code().message()),
                  "check the path and the permissions of its folders"};
    }
  }
  std::sort(files.begin(), files.end(),
            [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
  files.erase(std::unique(files.begin(), files.end(),
                          [](const InputFile& a, const InputFile& b) { return a.path == b.path; }),
              files.end());
  refuse_same_names(files);
  return files;
}

Shard choose_shard(long shard_id, long num_shards) {
  if (shard_id < 0) {
    if (const auto slurm_id = number_from_environment("SLURM_ARRAY_TASK_ID")) {
      const long step = std::max(number_from_environment("SLURM_ARRAY_TASK_STEP").value_or(1), 1L);
      shard_id = (*slurm_id - number_from_environment("SLURM_ARRAY_TASK_MIN").value_or(0)) / step;
      num_shards = num_shards > 0 ? num_shards
                                  : number_from_environment("SLURM_ARRAY_TASK_COUNT").value_or(-1);
    } else if (const auto job_index = number_from_environment("JOB_COMPLETION_INDEX")) {
      shard_id = *job_index;
    } else if (num_shards <= 1) {
      return {};
    }
  }
  if (num_shards < 1) {
    throw Error{ErrorCode::usage, "--num-shards", "the number of shards is not known",
                "give --num-shards N with --shard-id 0..N-1"};
  }
  if (shard_id < 0 || shard_id >= num_shards) {
    throw Error{ErrorCode::usage, "--shard-id",
                fmt::format("shard {} of {} does not exist", shard_id, num_shards),
                "give --num-shards N with --shard-id 0..N-1"};
  }
  return {static_cast<std::size_t>(shard_id), static_cast<std::size_t>(num_shards)};
}

std::vector<InputFile> part_of(std::span<const InputFile> files, const Shard& shard) {
  std::vector<InputFile> part;
  for (std::size_t i = shard.index; i < files.size(); i += shard.count) {
    part.push_back(files[i]);
  }
  return part;
}

} // namespace lmc::app
