// SPDX-License-Identifier: Apache-2.0
#include "app/command.hpp"

#include "common/error.hpp"
#include "common/json.hpp"
#include "common/resources.hpp"
#include "simulation/data_set.hpp"
#include "simulation/study.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace lmc::app {

namespace {

struct SimulateArguments {
  std::string output;
  std::string configuration;
  std::optional<int> fields;
  std::optional<int> fields_per_study;
  std::optional<int> size;
  std::optional<int> planes;
  std::optional<std::string> modality;
  std::optional<std::uint64_t> seed;
  bool all_labels = false;
  int threads = 0;
  bool dry_run = false;
  bool overwrite = false;
  bool print_configuration = false;
};

simulation::SimulationOptions configured(const std::string& file) {
  if (file.empty()) {
    return {};
  }
  try {
    return simulation::options_from_json(read_json_file(file));
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::configuration, file, error.what(),
                "give a JSON file as lmc simulate --print-config prints it"};
  }
}

/// The configuration file's options, those of the command line first.
simulation::SimulationOptions options_of(const SimulateArguments& arguments) {
  simulation::SimulationOptions options = configured(arguments.configuration);
  options.fields = arguments.fields.value_or(options.fields);
  options.fields_per_study = arguments.fields_per_study.value_or(options.fields_per_study);
  options.size = arguments.size.value_or(options.size);
  options.planes = arguments.planes.value_or(options.planes);
  options.modality = arguments.modality.value_or(options.modality);
  options.seed = arguments.seed.value_or(options.seed);
  options.all_labels = options.all_labels || arguments.all_labels;
  options.validate();
  return options;
}

void print_plan(const simulation::SimulationOptions& options, const std::string& output) {
  const auto studies = simulation::studies_of(options);
  std::size_t files = 0;
  for (const auto& field : simulation::plan_fields(options, studies)) {
    const auto& study = studies[field.study];
    std::vector<std::string_view> labels;
    for (const auto& [organelle, file] : field.labels) {
      labels.push_back(name_of(organelle));
    }
    files += field.planes.size() + field.labels.size();
    fmt::print("{}: {} planes of {:.3f} um pixels, {}\n", field.planes.front().generic_string(),
               field.planes.size(), study.optics.pixel_um, fmt::join(labels, ", "));
  }
  fmt::print("{} field(s), {} files of {} x {} pixels under {}; nothing was written\n",
             options.fields, files, options.size, options.size, printable(output));
}

int run(const SimulateArguments& arguments) {
  const simulation::SimulationOptions options = options_of(arguments);
  if (arguments.print_configuration) {
    simulation::SimulationOptions complete = options;
    complete.studies = simulation::studies_of(options);
    fmt::print("{}", to_text(simulation::to_json(complete)));
    return 0;
  }
  if (arguments.output.empty()) {
    throw Error{ErrorCode::usage, "--output", "missing", "give the folder of the data set"};
  }
  if (arguments.dry_run) {
    print_plan(options, arguments.output);
    return 0;
  }
  simulation::write_data_set(
      options, {.output = arguments.output,
                .threads = arguments.threads > 0 ? arguments.threads : available_threads(),
                .existing = arguments.overwrite ? Existing::replace : Existing::refuse});
  return 0;
}

void add_options(CLI::App& command, SimulateArguments& arguments) {
  command.add_option("-o,--output", arguments.output, "Folder of the data set");
  command.add_option("--fields", arguments.fields, "Fields of view (default: 16)");
  command.add_option("--fields-per-study", arguments.fields_per_study,
                     "Fields that share cells, microscope and labels (default: 4)");
  command.add_option("--size", arguments.size, "Height and width, pixels (default: 512)");
  command.add_option("--planes", arguments.planes, "Focal planes per field (default: 7)");
  command.add_option("--modality", arguments.modality, "BF, PC, DIC or all (default: all)");
  command.add_option("--seed", arguments.seed, "The same seed gives the same images (default: 1)");
  command.add_flag("--all-labels", arguments.all_labels,
                   "Write all four organelles of every field, for evaluation");
  command.add_option("--config", arguments.configuration,
                     "JSON file with these options and, if wanted, the studies");
  command.add_flag("--print-config", arguments.print_configuration,
                   "Print the complete configuration and stop");
  command
      .add_option("--threads", arguments.threads,
                  "Fields at a time (default: what this process may use)")
      ->check(CLI::Range(0, 1024));
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be written and stop");
  command.add_flag("--overwrite", arguments.overwrite, "Replace existing files");
}

} // namespace

Command add_simulate_command(CLI::App& lmc) {
  CLI::App* const command = lmc.add_subcommand(
      "simulate", "Make a data set of simulated cells: transmitted light and fluorescent labels");
  const auto arguments = std::make_shared<SimulateArguments>();
  add_options(*command, *arguments);
  command->footer("Example:\n  lmc simulate -o cells --fields 40 --modality PC --seed 7");
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
