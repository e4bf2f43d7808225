// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "app/commands/evaluation_run.hpp"
#include "common/error.hpp"
#include "dataset/pair_table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>

namespace lmc::app {

namespace {

struct EvaluateArguments {
  std::string prediction;
  std::string truth;
  std::string organelle;
  std::string predictions;
  std::string truths;
  std::string inputs;
  std::string pairs;
  std::string best_focus;
  std::string report;
  int threads = 0;
  bool overwrite = false;
};

[[noreturn]] void refuse(const std::string& option, const std::string& cause,
                         const std::string& remedy) {
  throw Error{ErrorCode::usage, option, cause, remedy};
}

int run_pair(const EvaluateArguments& arguments) {
  if (arguments.prediction.empty() || arguments.truth.empty() || arguments.organelle.empty()) {
    refuse("--prediction", "a pair is not complete",
           "give --prediction, --truth and --organelle together");
  }
  const auto organelle = organelle_from_name(arguments.organelle);
  if (!organelle) {
    refuse("--organelle", fmt::format("\"{}\" is not known", arguments.organelle),
           "give mitochondria, nucleus, tubulin or actin");
  }
  dataset::Pair pair;
  pair.prediction = arguments.prediction;
  pair.truth = arguments.truth;
  pair.organelle = *organelle;
  return print_metrics(pair);
}

dataset::PairList pairs_of(const EvaluateArguments& arguments) {
  if (!arguments.pairs.empty()) {
    return dataset::pairs_in_table(arguments.pairs);
  }
  dataset::PairFolders folders;
  folders.predictions = arguments.predictions;
  folders.truths = arguments.truths;
  folders.inputs = arguments.inputs;
  folders.left_out = arguments.report;
  if (!arguments.best_focus.empty()) {
    folders.best_focus = dataset::read_best_focus(arguments.best_focus);
  }
  return dataset::pairs_in_folders(folders);
}

void check(const EvaluateArguments& arguments) {
  const bool folders = !arguments.predictions.empty() || !arguments.truths.empty();
  if (folders == !arguments.pairs.empty()) {
    refuse("lmc evaluate", "it is not clear what to compare",
           "give --prediction, --truth and --organelle; or -i and -g; or --pairs");
  }
  if (folders && (arguments.predictions.empty() || arguments.truths.empty())) {
    refuse(arguments.predictions.empty() ? "-i" : "-g", "the folder is not given",
           "give -i PREDICTIONS and -g TRUTHS together");
  }
  if (!folders && !(arguments.inputs.empty() && arguments.best_focus.empty())) {
    refuse("--pairs", "--inputs and --best-focus belong to folders",
           "give the columns input and focus_deviation in the table instead");
  }
  if (arguments.report.empty()) {
    refuse("-o", "the report's folder is not given", "give -o REPORT");
  }
  if (arguments.threads < 0) {
    refuse("--threads", fmt::format("{} threads", arguments.threads), "give 0 or more");
  }
}

int run(const EvaluateArguments& arguments) {
  const bool one_pair =
      !arguments.prediction.empty() || !arguments.truth.empty() || !arguments.organelle.empty();
  if (one_pair) {
    return run_pair(arguments);
  }
  check(arguments);
  const EvaluationRun settings{arguments.report, arguments.threads,
                               arguments.overwrite ? Existing::replace : Existing::refuse};
  dataset::PairList pairs = pairs_of(arguments);
  check_report(settings);
  return run_evaluation(settings, std::move(pairs));
}

void add_options(CLI::App& command, EvaluateArguments& arguments) {
  const auto pair = "One pair";
  command.add_option("--prediction", arguments.prediction, "Predicted image")->group(pair);
  command.add_option("--truth", arguments.truth, "Its ground truth")->group(pair);
  command.add_option("--organelle", arguments.organelle, "mitochondria, nucleus, tubulin or actin")
      ->group(pair);
  const auto many = "Many pairs";
  command
      .add_option("-i,--input", arguments.predictions,
                  "Folder of predictions, <image>_<organelle>.ome.tiff")
      ->group(many);
  command.add_option("-g,--truths", arguments.truths, "Folder of ground truths, named alike")
      ->group(many);
  command
      .add_option("--pairs", arguments.pairs,
                  "Instead of folders: CSV table prediction,organelle,truth[,modality,"
                  "focus_deviation,image]; docs/training.md")
      ->group(many);
  command
      .add_option("--inputs", arguments.inputs,
                  "Folder of transmitted-light images (default: beside the truths)")
      ->group(many);
  command
      .add_option("--best-focus", arguments.best_focus,
                  "Planes in best focus: CSV field,best_z or JSON {\"image_12\": 7} (default: the "
                  "middle plane)")
      ->group(many);
  command.add_option("-o,--output", arguments.report, "Folder for the report")->group(many);
  command.add_option("--threads", arguments.threads, "0: as many as this process may use")
      ->capture_default_str()
      ->group(many);
  command.add_flag("--overwrite", arguments.overwrite, "Replace an existing report")->group(many);
}

} // namespace

Command add_evaluate_command(CLI::App& lmc) {
  CLI::App* const command = lmc.add_subcommand(
      "evaluate", "Compare predictions with ground truth by the challenge's metrics");
  const auto arguments = std::make_shared<EvaluateArguments>();
  add_options(*command, *arguments);
  command->footer("Examples:\n"
                  "  lmc evaluate --prediction p.ome.tiff --truth t.ome.tiff --organelle nucleus\n"
                  "  lmc evaluate -i predictions -g truths -o report\n"
                  "  lmc evaluate --pairs pairs.csv -o report");
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
