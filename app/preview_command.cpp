// SPDX-License-Identifier: Apache-2.0
#include "app/command.hpp"

#include "app/prediction_preview.hpp"
#include "common/error.hpp"
#include "dataset/file_name.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

struct PreviewArguments {
  std::string input;
  std::vector<std::string> predictions;
  std::string picture;
  bool overwrite = false;
};

OutputFiles by_organelle(const std::vector<std::string>& files) {
  OutputFiles sorted;
  for (const std::string& file : files) {
    const auto organelle = dataset::file_name_of(file).organelle;
    if (!organelle) {
      throw Error{ErrorCode::usage, file, "neither its name nor its folder's names an organelle",
                  "end the name with _mitochondria, _nucleus, _tubulin or _actin"};
    }
    fs::path& place = sorted.at(channel_of(*organelle));
    if (!place.empty()) {
      throw Error{ErrorCode::usage, file,
                  fmt::format("{} is {} too", place.string(), name_of(*organelle)),
                  "give one prediction per organelle"};
    }
    place = file;
  }
  return sorted;
}

} // namespace

Command add_preview_command(CLI::App& lmc) {
  CLI::App* const command =
      lmc.add_subcommand("preview", "Picture of an image beside its predictions");
  const auto arguments = std::make_shared<PreviewArguments>();
  command->add_option("input", arguments->input, "Transmitted-light image")->required();
  command->add_option("predictions", arguments->predictions, "Prediction files, at most four")
      ->required();
  command->add_option("-o,--output", arguments->picture, "PNG file")->required();
  command->add_flag("--overwrite", arguments->overwrite, "Replace an existing picture");
  command->footer(
      "Example:\n  lmc preview cells.ome.tiff predictions/cells_*.ome.tiff -o cells.png");
  return {command, [arguments] {
            write_prediction_preview({}, arguments->input, by_organelle(arguments->predictions),
                                     arguments->picture,
                                     arguments->overwrite ? Existing::replace : Existing::refuse);
            return 0;
          }};
}

} // namespace lmc::app
