// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/case_outputs.hpp"

#include "app/challenge/static_configuration.hpp"
#include "common/error.hpp"
#include "image/input_image.hpp"

#include <fmt/format.h>

#include <system_error>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

fs::path only_file(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (auto entry = fs::directory_iterator{folder, error};
       !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (files.size() != 1 || files.front().extension() != ".tiff") {
    throw Error{ErrorCode::input_ambiguous, folder.string(),
                fmt::format("it holds {} files{} where the platform imports exactly one .tiff",
                            files.size(),
                            files.empty() ? "" : " such as " + files.front().filename().string()),
                "run light-my-cells on the case into an empty folder"};
  }
  return files.front();
}

} // namespace

Plane<float> read_case_output(const fs::path& output, Organelle organelle,
                              const ExpectedCase& expected) {
  const fs::path file = only_file(output / configuration::output_images.at(channel_of(organelle)));
  const Plane<std::uint16_t> plane = image::read_transmitted_light(file).pixels;
  if (plane.height() != expected.height || plane.width() != expected.width) {
    throw Error{ErrorCode::input_corrupt, file.string(),
                fmt::format("{} x {} pixels, the case has {} x {}", plane.height(), plane.width(),
                            expected.height, expected.width),
                "run light-my-cells on the case again"};
  }
  return {plane.height(), plane.width(), {plane.pixels().begin(), plane.pixels().end()}};
}

} // namespace lmc::app
