// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"
#include "app/commands/field_options.hpp"

#include "common/error.hpp"
#include "common/records/json.hpp"
#include "common/running/resources.hpp"
#include "simulation/data_set.hpp"
#include "simulation/study.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace lmc::app {

namespace {

struct SimulateArguments {
  std::string output;
  std::string configuration;
  int threads = 0;
  bool dry_run = false;
  bool overwrite = false;
  bool print_configuration = false;
};

simulation::SimulationOptions options_from(const nlohmann::json& record,
                                           const std::string& origin) {
  try {
    return simulation::options_from_json(record);
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::configuration, origin, error.what(),
                "see lmc simulate --help and --print-config"};
  }
}

simulation::SimulationOptions configured(const std::string& file) {
  if (file.empty()) {
    return {};
  }
  try {
    return options_from(read_json_file(file), file);
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::configuration, file, error.what(),
                "give a JSON file as lmc simulate --print-config prints it"};
  }
}

/// The configuration file's options, those of the command line first.
simulation::SimulationOptions options_of(const SimulateArguments& arguments,
                                         const FieldOptions& given) {
  nlohmann::json record = simulation::to_json(configured(arguments.configuration));
  given.apply(record);
  return options_from(record, "lmc simulate");
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

int run(const SimulateArguments& arguments, const FieldOptions& given) {
  const simulation::SimulationOptions options = options_of(arguments, given);
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

void add_options(CLI::App& command, SimulateArguments& arguments, FieldOptions& fields) {
  command.add_option("-o,--output", arguments.output, "Folder of the data set");
  fields.add("--fields", "/fields", "Fields of view");
  fields.add("--fields-per-study", "/fields_per_study",
             "Fields that share cells, microscope and labels");
  fields.add("--size", "/size", "Height and width, pixels");
  fields.add("--planes", "/planes", "Focal planes per field");
  fields.add("--modality", "/modality", "BF, PC, DIC or all");
  fields.add("--seed", "/seed", "The same seed gives the same images");
  fields.add("--all-labels", "/all_labels",
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
  FieldOptions fields{*command, simulation::to_json({})};
  add_options(*command, *arguments, fields);
  command->footer("Example:\n  lmc simulate -o cells --fields 40 --modality PC --seed 7");
  return {command, [arguments, fields] { return run(*arguments, fields); }};
}

} // namespace lmc::app
