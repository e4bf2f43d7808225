// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"
#include "app/commands/field_options.hpp"

#include "common/error.hpp"
#include "common/records/json.hpp"
#include "training/configuration.hpp"
#include "training/processes/process_group.hpp"
#include "training/processes/rendezvous.hpp"
#include "training/trainer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace lmc::app {

namespace {

struct TrainArguments {
  std::string configuration;
  training::RunOptions run;
  std::string folder;
  bool print_config = false;
};

/// The named file, or the one that the resumed run wrote, or the defaults.
training::Configuration configuration_of(const TrainArguments& arguments,
                                         const FieldOptions& given) {
  training::Configuration configuration;
  if (!arguments.configuration.empty()) {
    configuration = training::read_configuration(arguments.configuration);
  } else if (arguments.run.resume) {
    configuration = training::read_configuration(arguments.run.folder / "config.json");
  } else if (!arguments.print_config) {
    throw Error{ErrorCode::usage, "train", "no configuration is given",
                "name a file; lmc train --print-config writes one with every default"};
  }
  nlohmann::json record = training::to_json(configuration);
  given.apply(record);
  return training::configuration_from_json(record, "lmc train");
}

int run(TrainArguments arguments, const FieldOptions& given) {
  arguments.run.folder = arguments.folder;
  const training::Configuration configuration = configuration_of(arguments, given);
  if (arguments.print_config) {
    fmt::print("{}", to_text(training::to_json(configuration)));
    return 0;
  }
  if (arguments.folder.empty()) {
    throw Error{ErrorCode::usage, "--output", "is missing", "name a folder for the run"};
  }
  training::ProcessGroup processes;
  if (const auto rendezvous = training::find_rendezvous()) {
    processes = training::join_processes(
        *rendezvous, std::chrono::seconds{configuration.compute.timeout_seconds});
  }
  training::train(configuration, arguments.run, processes);
  return 0;
}

} // namespace

Command add_train_command(CLI::App& lmc) {
  CLI::App* const command =
      lmc.add_subcommand("train", "Train a network as one JSON file describes");
  const auto arguments = std::make_shared<TrainArguments>();
  command->add_option("config", arguments->configuration,
                      "Configuration (.json); may be left out with --resume");
  command->add_option("-o,--output", arguments->folder,
                      "Folder of the run: weights, checkpoint, log, page with curves");
  FieldOptions fields{*command, training::to_json(training::Configuration{})};
  fields.add("--device", "/compute/device", "auto, cpu, cuda or cuda:N, over the configuration's");
  command->add_flag("--resume", arguments->run.resume, "Go on from the folder's checkpoint");
  command->add_flag("--force", arguments->run.force,
                    "With --resume: although the configuration has changed");
  command->add_flag("--overwrite", arguments->run.overwrite,
                    "Start again in the folder of an earlier run");
  command->add_flag("--print-config", arguments->print_config,
                    "Print the complete configuration and stop");
  command->footer("Example:\n  lmc train --print-config > config.json\n"
                  "  lmc train config.json -o runs/bright_field");
  return {command, [arguments, fields] { return run(*arguments, fields); }};
}

} // namespace lmc::app
