// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/records/json.hpp"
#include "model/import/convert.hpp"
#include "model/storage/weights.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace lmc::app {

namespace {

struct ConvertArguments {
  std::string checkpoint;
  std::string output;
  std::string architecture;
  bool overwrite = false;
};

/// The option's text, or the content of the JSON file that it names.
std::string architecture_text(const std::string& argument) {
  if (!argument.ends_with(".json")) {
    return argument;
  }
  try {
    return read_json_file(argument).dump();
  } catch (const std::invalid_argument& error) {
    throw Error{
        ErrorCode::configuration, argument, error.what(),
        R"(give a JSON record such as {"network": "generator", "filters": 64, "blocks": 12})"};
  }
}

int run(const ConvertArguments& arguments) {
  const Existing existing = arguments.overwrite ? Existing::replace : Existing::refuse;
  check_output(arguments.output, existing);
  const model::Weights weights =
      model::convert_checkpoint(arguments.checkpoint, architecture_text(arguments.architecture));
  const std::string sha256 = model::save_weights(arguments.output, weights, existing);
  fmt::print("{}: {}, {} tensors, sha256 {}\n", arguments.output,
             model::describe(weights.architecture), weights.state.size(), sha256);
  return 0;
}

} // namespace

Command add_convert_command(CLI::App& lmc) {
  CLI::App* const command = lmc.add_subcommand(
      "convert", "Make a weights file of a PyTorch checkpoint, executing nothing in it");
  const auto arguments = std::make_shared<ConvertArguments>();
  command->add_option("checkpoint", arguments->checkpoint, "Checkpoint (.pth, .pt, .safetensors)")
      ->required();
  command->add_option("-o,--output", arguments->output, "Weights file (.safetensors)")->required();
  command->add_option("--architecture", arguments->architecture,
                      "generator or unet++ (sizes are read off the tensors), a JSON record, or a "
                      ".json file with one (default: found out)");
  command->add_flag("--overwrite", arguments->overwrite, "Replace an existing file");
  command->footer(
      "Example:\n  lmc convert generator.pth -o generator.safetensors --architecture generator");
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
