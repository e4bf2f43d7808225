// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_folder.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/files/temporary_file.hpp"
#include "common/records/json.hpp"
#include "training/run/run_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace lmc::training {

namespace {

using nlohmann::json;

/// Keys whose values differ, without those that cannot change the result.
std::vector<std::string> changed_keys(json before, json now) {
  for (json* const record : {&before, &now}) {
    for (const char* const key : {"cache_megabytes", "prefetch_threads"}) {
      record->at("data").erase(key);
    }
    record->at("compute").erase("timeout_seconds");
    *record = record->flatten();
  }
  std::vector<std::string> changed;
  for (const auto& [key, value] : now.items()) {
    if (before.value(key, json{}) != value) {
      changed.push_back(key);
    }
  }
  return changed;
}

void check_unchanged(const Configuration& configuration, const RunOptions& options) {
  const std::filesystem::path file = checkpoint_file(options);
  // Read and written again: options that the run's version did not have are at their defaults.
  const json before =
      to_json(configuration_from_json(read_saved_run(file).configuration, file.string()));
  const std::vector<std::string> changed = changed_keys(before, to_json(configuration));
  if (!changed.empty() && !options.force) {
    throw Error{
        ErrorCode::configuration, options.folder.string(),
        fmt::format("the configuration differs from the run's in {}", fmt::join(changed, ", ")),
        "resume with the run's own config.json, or pass --force"};
  }
}

} // namespace

std::filesystem::path checkpoint_file(const RunOptions& options) {
  return options.folder / "checkpoint.safetensors";
}

std::filesystem::path data_record_file(const RunOptions& options) {
  return options.folder / "data.json";
}

void prepare_folder(const Configuration& configuration, const RunOptions& options) {
  make_output_folder(options.folder);
  if (!options.resume && !options.overwrite &&
      std::filesystem::exists(options.folder / "log.jsonl")) {
    throw Error{ErrorCode::output_exists, options.folder.string(), "holds a training run",
                "go on with --resume, choose another folder, or pass --overwrite"};
  }
  if (options.resume) {
    check_unchanged(configuration, options);
  } else {
    std::filesystem::remove(checkpoint_file(options));
  }
  write_file(options.folder / "config.json", to_text(to_json(configuration)), Existing::replace);
}

} // namespace lmc::training
