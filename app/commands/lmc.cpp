// SPDX-License-Identifier: Apache-2.0
// The workbench: one subcommand per task.

#include "app/commands/command.hpp"
#include "app/program.hpp"
#include "common/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string>

using namespace lmc::app;

namespace {

constexpr const char* examples = R"(Examples:
  lmc predict -i cells.ome.tiff -o predictions --previews previews
  lmc predict -i 'plate/*.tif' -o predictions --modality PC --preset fast --resume
  lmc preview cells.ome.tiff predictions/cells_*.ome.tiff -o cells.png
  lmc evaluate -i predictions -g truths -o report
  lmc convert generator.pth -o generator.safetensors --architecture generator
  lmc simulate -o cells --fields 40 --modality PC
  lmc train config.json -o runs/bright_field
  lmc selftest
  lmc version --json

Exit codes: 0 done, 1 internal error, 2 usage, 3 input, 4 model, 5 memory, 6 output,
7 some images failed, 130/143 interrupted. `lmc COMMAND --help` lists a command's options.)";

} // namespace

int main(int argc, char** argv) {
  return run_program([&] {
    CLI::App program{"Predicts fluorescent organelles from label-free microscopy images.", "lmc"};
    program.set_version_flag("--version", std::string{lmc::version()});
    program.require_subcommand(1);
    program.footer(examples);
    const std::array commands{add_predict_command(program),  add_preview_command(program),
                              add_evaluate_command(program), add_convert_command(program),
                              add_selftest_command(program), add_simulate_command(program),
                              add_train_command(program),    add_version_command(program)};
    return parse_and_run(program, argc, argv, [&] {
      return std::find_if(commands.begin(), commands.end(),
                          [](const Command& command) { return command.options->parsed(); })
          ->run();
    });
  });
}
