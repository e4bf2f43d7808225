// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "app/predict/batch.hpp"
#include "app/program.hpp"
#include "common/error.hpp"
#include "common/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace lmc::app {

namespace {

/// The command line's words, before they mean anything.
struct PredictArguments {
  std::vector<std::string> inputs;
  std::string output;
  std::string models;
  std::string device = "auto";
  std::string engine = "auto";
  int threads = 0;
  bool allow_tf32 = false;
  std::string preset = "paper";
  std::int64_t batch = 0;
  bool skip_near_duplicates = false;
  std::string modality;
  std::vector<std::string> organelles;
  std::string planes = "auto";
  std::string channel;
  bool rgb_luminance = false;
  std::uint64_t max_pixels = image::ReadOptions{}.max_pixels;
  bool float32 = false;
  bool dry_run = false;
  bool overwrite = false;
  bool resume = false;
  long num_shards = -1;
  long shard_id = -1;
  std::string previews;
};

[[noreturn]] void refuse(const std::string& option, const std::string& value,
                         const std::string& allowed) {
  throw Error{ErrorCode::usage, option, fmt::format("\"{}\" is not known", value),
              "give " + allowed};
}

std::vector<Organelle> organelles_from(const std::vector<std::string>& names) {
  std::vector<Organelle> organelles;
  for (const std::string& name : names) {
    const auto organelle = organelle_from_name(name);
    if (!organelle) {
      refuse("--organelles", name, "mitochondria, nucleus, tubulin or actin, separated by commas");
    }
    organelles.push_back(*organelle);
  }
  return organelles;
}

PlaneChoice planes_from(const std::string& name) {
  if (name == "auto") {
    return PlaneChoice::all_known;
  }
  if (name == "all") {
    return PlaneChoice::all;
  }
  if (name == "middle") {
    return PlaneChoice::middle;
  }
  refuse("--planes", name, "auto, all or middle");
}

PredictSettings settings_from(const PredictArguments& arguments) {
  PredictSettings settings;
  settings.preset = arguments.preset;
  settings.windows = inference::preset_options(arguments.preset);
  settings.windows.batch = arguments.batch;
  settings.windows.skip_near_duplicates = arguments.skip_near_duplicates;
  settings.windows.validate();
  if (!arguments.organelles.empty()) {
    settings.organelles = organelles_from(arguments.organelles);
  }
  if (!arguments.modality.empty()) {
    settings.read.modality = modality_from_name(arguments.modality);
    if (!settings.read.modality) {
      refuse("--modality", arguments.modality, "BF, PC or DIC");
    }
  }
  if (!arguments.channel.empty()) {
    settings.read.channel = arguments.channel;
  }
  settings.read.rgb_luminance = arguments.rgb_luminance;
  settings.read.max_pixels = arguments.max_pixels;
  settings.read.checksum = !arguments.dry_run;
  settings.planes = planes_from(arguments.planes);
  settings.type = arguments.float32 ? image::PixelType::float32 : image::PixelType::uint16;
  settings.existing = arguments.overwrite ? Existing::replace : Existing::refuse;
  return settings;
}

int run(const PredictArguments& arguments) {
  if (arguments.overwrite && arguments.resume) {
    throw Error{ErrorCode::usage, "--overwrite", "it contradicts --resume",
                "give one of them: --resume keeps finished outputs, --overwrite replaces them"};
  }
  BatchOptions options;
  options.inputs = arguments.inputs;
  options.output = arguments.output;
  options.models = arguments.models;
  options.device = compute::parse_device(arguments.device);
  options.computing = {.threads = arguments.threads, .allow_tf32 = arguments.allow_tf32};
  options.engine = parse_engine(arguments.engine);
  options.settings = settings_from(arguments);
  options.resume = arguments.resume;
  options.shard = choose_shard(arguments.shard_id, arguments.num_shards);
  options.previews = arguments.previews;
  return arguments.dry_run ? preview_batch(options) : run_batch(options);
}

void add_what(CLI::App& command, PredictArguments& arguments) {
  command
      .add_option("-i,--input,inputs", arguments.inputs,
                  "Images, folders, or quoted patterns such as 'plate/*.tif'")
      ->required();
  command.add_option("-o,--output", arguments.output, "Folder for the predictions")->required();
  command.add_option("-m,--model", arguments.models,
                     "Folder of models with manifest.json, or one .safetensors file that predicts "
                     "everything (default: the models that came with the program)");
  command.add_option("--modality", arguments.modality,
                     "BF, PC or DIC: overrides what the images say");
  command
      .add_option("--organelles", arguments.organelles,
                  "Only these, separated by commas (default: all four)")
      ->delimiter(',');
  command
      .add_option("--planes", arguments.planes,
                  "Of stacks: auto (all, but the middle one of pages without OME metadata), all, "
                  "middle")
      ->capture_default_str();
  command.add_option("--channel", arguments.channel,
                     "Channel of multi-channel images, name or index");
  command.add_flag("--rgb-luminance", arguments.rgb_luminance, "Make grey of colour images");
  command.add_option("--max-pixels", arguments.max_pixels, "Larger planes are rejected")
      ->capture_default_str();
}

void add_how(CLI::App& command, PredictArguments& arguments) {
  command.add_option("--preset", arguments.preset, "paper (best), balanced, fast")
      ->capture_default_str();
  command.add_option("--device", arguments.device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command
      .add_option("--engine", arguments.engine,
                  "auto (native where it can), native (own kernels), torch (LibTorch's layers)")
      ->capture_default_str();
  command.add_option("--threads", arguments.threads, "0: as many as this process may use")
      ->capture_default_str();
  command.add_option("--batch", arguments.batch, "Windows at a time; 0: chosen from the memory")
      ->capture_default_str();
  command.add_flag(
      "--skip-near-duplicates", arguments.skip_near_duplicates,
      "Leave out windows that the last of a row or column nearly repeats: faster, less "
      "exact");
  command.add_flag("--tf32", arguments.allow_tf32, "Allow TF32 on CUDA: faster, less exact");
}

void add_output(CLI::App& command, PredictArguments& arguments) {
  command.add_flag("--float32", arguments.float32, "Write float32, neither rounded nor clamped");
  command.add_option("--previews", arguments.previews, "Folder for one PNG per image");
  command.add_flag("--dry-run", arguments.dry_run, "Only say what would be done");
  command.add_flag("--overwrite", arguments.overwrite, "Replace existing outputs");
  command.add_flag("--resume", arguments.resume, "Leave out images whose outputs exist");
  command.add_option("--num-shards", arguments.num_shards,
                     "Work on one part of the images (default: SLURM_ARRAY_TASK_COUNT)");
  command.add_option("--shard-id", arguments.shard_id,
                     "Which part, from 0 (default: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX)");
}

} // namespace

Command add_predict_command(CLI::App& lmc) {
  CLI::App* const command = lmc.add_subcommand(
      "predict", "Predict organelles: one OME-TIFF per image and organelle, summary.json and "
                 "summary.csv");
  const auto arguments = std::make_shared<PredictArguments>();
  add_what(*command, *arguments);
  add_how(*command, *arguments);
  add_output(*command, *arguments);
  command->footer("Example:\n  lmc predict -i 'plate/*.ome.tiff' -o predictions --preset balanced "
                  "--resume");
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
