// SPDX-License-Identifier: Apache-2.0
#include "app/commands/command.hpp"

#include "app/predict/preview.hpp"
#include "common/error.hpp"
#include "common/files/temporary_file.hpp"
#include "dataset/file_name.hpp"
#include "image/input_image.hpp"

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

PerOrganelle<fs::path> by_organelle(const std::vector<std::string>& files) {
  PerOrganelle<fs::path> sorted;
  for (const std::string& file : files) {
    const auto organelle = dataset::file_name_of(file).organelle;
    if (!organelle) {
      throw Error{ErrorCode::usage, file, "neither its name nor its folder's names an organelle",
                  "end the name with _mitochondria, _nucleus, _tubulin or _actin"};
    }
    fs::path& place = sorted[*organelle];
    if (!place.empty()) {
      throw Error{ErrorCode::usage, file,
                  fmt::format("{} is {} too", place.string(), name_of(*organelle)),
                  "give one prediction per organelle"};
    }
    place = file;
  }
  return sorted;
}

image::TransmittedLight middle_plane(const fs::path& file) {
  const image::InputImage image = image::InputImage::open(file, {});
  return image.read_plane(0, image.z_planes() / 2);
}

int run(const PreviewArguments& arguments) {
  const PerOrganelle<fs::path> files = by_organelle(arguments.predictions);
  const image::TransmittedLight light = middle_plane(arguments.input);
  PerOrganelle<Plane<std::uint16_t>> predictions;
  for (const Organelle organelle : all_organelles) {
    if (files[organelle].empty()) {
      continue;
    }
    Plane<std::uint16_t>& plane = predictions[organelle];
    plane = middle_plane(files[organelle]).pixels;
    if (plane.height() != light.pixels.height() || plane.width() != light.pixels.width()) {
      throw Error{ErrorCode::usage, files[organelle].string(),
                  fmt::format("its {} x {} pixels are not the {} x {} of {}", plane.width(),
                              plane.height(), light.pixels.width(), light.pixels.height(),
                              arguments.input),
                  "give predictions of this very image"};
    }
  }
  write_file(arguments.picture, preview_png(light, predictions),
             arguments.overwrite ? Existing::replace : Existing::refuse);
  return 0;
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
  return {command, [arguments] { return run(*arguments); }};
}

} // namespace lmc::app
