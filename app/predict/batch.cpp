// SPDX-License-Identifier: Apache-2.0
#include "app/predict/batch.hpp"

#include "app/predict/predict_images.hpp"
#include "app/program.hpp"
#include "common/files/output_folder.hpp"
#include "common/records/json.hpp"
#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"
#include "dataset/file_name.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

/// The run's images and where what is made of each goes: `<output>/<stem>_<organelle>.ome.tiff`,
/// `<previews>/<stem>.png`.
std::vector<ImageFiles> files_of(const BatchOptions& options) {
  std::vector<ImageFiles> images;
  for (const InputFile& file :
       part_of(list_inputs(options.inputs, options.output), options.shard)) {
    ImageFiles& image = images.emplace_back();
    image.input = file.path;
    for (const Organelle organelle : all_organelles) {
      image.outputs[organelle] = options.output / file.stem.parent_path() /
                                 dataset::prediction_name(file.stem.filename().string(), organelle);
    }
    if (!options.previews.empty()) {
      image.preview = options.previews / (file.stem.string() + ".png");
    }
  }
  return images;
}

/// summary.json or, of a shard, summary_<i>_of_<n>.json.
fs::path summary_file(const BatchOptions& options, const char* suffix) {
  const Shard& shard = options.shard;
  return options.output /
         (shard.count == 1 ? fmt::format("summary{}", suffix)
                           : fmt::format("summary_{}_of_{}{}", shard.index, shard.count, suffix));
}

void refuse_existing(const fs::path& file) {
  if (fs::exists(fs::symlink_status(file))) {
    throw Error{ErrorCode::output_exists, file.string(), "the file exists",
                "pass --resume to keep what is done, --overwrite to replace it, or choose another "
                "folder"};
  }
}

/// Everything about the outputs that can go wrong, found before a network runs.
void check_outputs(const BatchOptions& options, const std::vector<ImageFiles>& images) {
  make_output_folder(options.output);
  if (!options.previews.empty()) {
    make_output_folder(options.previews);
  }
  const TemporaryFile probe{summary_file(options, ".json")};
  if (options.resume || options.settings.existing == Existing::replace) {
    return;
  }
  for (const ImageFiles& image : images) {
    for (const Organelle organelle : options.settings.organelles) {
      refuse_existing(image.outputs[organelle]);
    }
    if (!image.preview.empty()) {
      refuse_existing(image.preview);
    }
  }
  refuse_existing(summary_file(options, ".json"));
}

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
  const fs::path file = summary_file(options, ".json");
  nlohmann::json json = to_json(summary);
  if (options.resume) {
    keep_earlier_entries(file, json);
  }
  write_file(file, to_text(json), Existing::replace);
  write_file(summary_file(options, ".csv"), to_csv(summary), Existing::replace);
}

int conclude(const BatchOptions& options, const RunSummary& summary) {
  const std::size_t failed = summary.count(Status::failed);
  if (failed == 0) {
    return static_cast<int>(ExitCode::success);
  }
  if (summary.images.size() == 1) {
    throw Error{*summary.images.front().error};
  }
  throw Error{
      ErrorCode::partial, options.output.string(),
      fmt::format("{} of {} images failed, the others are done", failed, summary.images.size()),
      fmt::format("see {} for each cause", summary_file(options, ".json").filename().string())};
}

/// Says what would be done with one image. @return windows through a network
Index print_plan(const BatchOptions& options, const ImageFiles& files) {
  const OpenImage image = open_image(files.input, options.settings);
  const ImageRecord& record = image.record;
  const Index windows =
      inference::network_windows(record.height, record.width, options.settings.windows) *
      static_cast<Index>(image.route.uses.size() * image.planes.size());
  fmt::print("{}: {} x {} pixels, {} plane(s), {}, {} windows{}\n", printable(files.input.string()),
             record.width, record.height, image.planes.size(), short_name_of(record.modality),
             windows, are_done(files, options.settings.organelles) ? "; outputs exist" : "");
  for (const std::string& warning : record.warnings) {
    fmt::print("  warning: {}\n", printable(warning));
  }
  return windows;
}

} // namespace

int run_batch(const BatchOptions& options) {
  const std::vector<ImageFiles> images = files_of(options);
  check_outputs(options, images);

  RunSummary summary;
  summary.program = "lmc predict";
  const compute::DeviceChoice device = compute::choose_device(options.device);
  summary.threads = compute::configure_compute(options.computing);
  summary.device = device.device.str();
  summary.preset = options.settings.preset;
  summary.windows = options.settings.windows;
  ModelSet models = ModelSet::open(
      options.models.empty() ? bundled_folder("weights") : options.models, device, options.engine);
  summary.models = models.all();

  try {
    predict_images(images, options.settings, options.resume, models, summary);
  } catch (const Interrupted&) {
    write_summaries(options, summary);
    throw;
  }
  write_summaries(options, summary);
  return conclude(options, summary);
}

int preview_batch(const BatchOptions& options) {
  const std::vector<ImageFiles> images = files_of(options);
  Index windows = 0;
  std::vector<Error> failures;
  for (const ImageFiles& files : images) {
    try {
      windows += print_plan(options, files);
    } catch (const Error& error) {
      failures.push_back(error);
      fmt::print("{}\n", error.what());
    }
    for (const Organelle organelle : options.settings.organelles) {
      fmt::print("  -> {}\n", printable(files.outputs[organelle].string()));
    }
  }
  fmt::print("{} image(s), {} windows through a network, preset {}; nothing was written\n",
             images.size(), windows, options.settings.preset);
  if (failures.empty()) {
    return static_cast<int>(ExitCode::success);
  }
  if (images.size() == 1) {
    throw Error{failures.front()};
  }
  throw Error{ErrorCode::partial, options.output.string(),
              fmt::format("{} of {} images cannot be read", failures.size(), images.size()),
              "see the lines above"};
}

} // namespace lmc::app
