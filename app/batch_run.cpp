// SPDX-License-Identifier: Apache-2.0
#include "app/batch_run.hpp"

#include "app/batch_images.hpp"
#include "app/batch_outputs.hpp"
#include "app/locations.hpp"
#include "app/run_summary.hpp"
#include "common/interrupt.hpp"
#include "common/json.hpp"
#include "common/log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

/// Entries of an earlier run's summary, by input.
std::map<std::string, nlohmann::json> earlier_entries(const fs::path& file) {
  std::map<std::string, nlohmann::json> entries;
  if (!fs::exists(file)) {
    return entries;
  }
  try {
    const nlohmann::json earlier = read_json_file(file, {.max_bytes = std::size_t{1} << 30});
    for (const nlohmann::json& entry : earlier.at("images")) {
      entries[entry.at("input").get<std::string>()] = entry;
    }
  } catch (const std::exception& error) {
    log().warn("{}: an earlier summary that cannot be read is replaced ({})", file.string(),
               error.what());
  }
  return entries;
}

/// --resume keeps the whole story: images that this run left out keep what the earlier run said of
/// them.
void keep_earlier_entries(const fs::path& file, nlohmann::json& summary) {
  const auto earlier = earlier_entries(file);
  for (nlohmann::json& image : summary["images"]) {
    const auto found = earlier.find(image["input"].get<std::string>());
    if (image["status"] == name_of(Status::skipped) && found != earlier.end()) {
      image = found->second;
    }
  }
}

void write_summaries(const BatchOptions& options, const RunSummary& summary) {
  const fs::path file = options.output / summary_name(options.shard, ".json");
  nlohmann::json json = to_json(summary);
  if (options.resume) {
    keep_earlier_entries(file, json);
  }
  write_file(file, to_text(json), Existing::replace);
  write_file(options.output / summary_name(options.shard, ".csv"), to_csv(summary),
             Existing::replace);
}

int conclude(const BatchOptions& options, const RunSummary& summary) {
  const auto failed =
      std::count_if(summary.images.begin(), summary.images.end(),
                    [](const ImageRecord& r) { return r.status == Status::failed; });
  if (failed == 0) {
    return static_cast<int>(ExitCode::success);
  }
  if (summary.images.size() == 1) {
    throw Error{*summary.images.front().error};
  }
  throw Error{
      ErrorCode::partial, options.output.string(),
      fmt::format("{} of {} images failed, the others are done", failed, summary.images.size()),
      fmt::format("see {} for each cause", summary_name(options.shard, ".json"))};
}

fs::path models_of(const BatchOptions& options) {
  return options.models.empty() ? bundled_folder("weights") : options.models;
}

} // namespace

int run_batch(const BatchOptions& options) {
  const std::vector<InputFile> all = list_inputs(options.inputs, options.output);
  const std::vector<InputFile> files = part_of(all, options.shard);
  check_outputs(options, files);

  RunSummary summary;
  summary.program = "lmc predict";
  const inference::DeviceChoice device = inference::choose_device(options.device);
  summary.threads = inference::configure_compute(options.compute);
  summary.device = device.device.str();
  summary.preset = options.settings.preset;
  summary.windows = options.settings.windows;
  ModelSet models = ModelSet::open(models_of(options), device, options.engine);
  summary.models = models.all();

  try {
    predict_images(options, files, models, summary);
  } catch (const Interrupted&) {
    write_summaries(options, summary);
    throw;
  }
  write_summaries(options, summary);
  return conclude(options, summary);
}

int preview_batch(const BatchOptions& options) {
  const std::vector<InputFile> all = list_inputs(options.inputs, options.output);
  const std::vector<InputFile> files = part_of(all, options.shard);
  std::int64_t windows = 0;
  std::vector<Error> failures;
  for (const InputFile& file : files) {
    ImageRecord record;
    record.input = file.path;
    const OutputFiles outputs = output_files(options, file);
    try {
      const std::int64_t count = inspect_image(options.settings, record);
      windows += count;
      fmt::print("{}: {} x {} pixels, {} plane(s), {}, {} windows{}\n",
                 printable(file.path.string()), record.width, record.height,
                 record.z_planes * record.t_planes, short_name_of(record.modality), count,
                 all_exist(outputs, options.settings.organelles) ? "; outputs exist" : "");
      for (const std::string& warning : record.warnings) {
        fmt::print("  warning: {}\n", printable(warning));
      }
    } catch (const Error& error) {
      failures.push_back(error);
      fmt::print("{}\n", error.what());
    }
    for (const Organelle organelle : options.settings.organelles) {
      fmt::print("  -> {}\n", printable(outputs.at(channel_of(organelle)).string()));
    }
  }
  fmt::print("{} image(s), {} windows through a network, preset {}; nothing was written\n",
             files.size(), windows, options.settings.preset);
  if (failures.empty()) {
    return static_cast<int>(ExitCode::success);
  }
  if (files.size() == 1) {
    throw Error{failures.front()};
  }
  throw Error{ErrorCode::partial, options.output.string(),
              fmt::format("{} of {} images cannot be read", failures.size(), files.size()),
              "see the lines above"};
}

} // namespace lmc::app
