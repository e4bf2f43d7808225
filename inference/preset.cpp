// SPDX-License-Identifier: Apache-2.0
#include "inference/preset.hpp"

#include "common/error.hpp"
#include "common/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <utility>

namespace lmc::inference {

namespace {

// docs/inference.md lists what each costs; preset_test.cpp holds those counts.
constexpr auto presets =
    name_table<WindowOptions>({{WindowOptions{}, "paper"},
                               {WindowOptions{.overlap = 0.5, .rotations = 2}, "balanced"},
                               {WindowOptions{.overlap = 0.25, .rotations = 1}, "fast"}});

// Beyond this a batch fits no memory there is.
constexpr std::int64_t max_batch = 4096;

[[noreturn]] void refuse(std::string_view option, std::string cause, std::string remedy) {
  throw Error(ErrorCode::configuration, std::string(option), std::move(cause), std::move(remedy));
}

} // namespace

void WindowOptions::validate() const {
  check_windows(window, overlap);
  static_cast<void>(quarter_turns_of(rotations));
  if (!(sigma >= 0.01 && sigma <= 10)) {
    refuse("sigma", fmt::format("{}, allowed is 0.01 to 10", sigma),
           "give a fraction of the window, 0.125 in the published method");
  }
  if (batch < 0 || batch > max_batch) {
    refuse("batch", fmt::format("{}, allowed is 0 to {}", batch, max_batch),
           "give 0 to have it chosen from the memory");
  }
}

std::span<const std::int64_t> quarter_turns_of(int rotations) {
  static constexpr std::array<std::int64_t, 4> all{0, 1, 2, 3};
  static constexpr std::array<std::int64_t, 2> opposite{0, 2};
  switch (rotations) {
  case 1:
    return std::span(all).first(1);
  case 2:
    return opposite;
  case 4:
    return all;
  default:
    refuse("rotations", fmt::format("{}, allowed are 1, 2 and 4", rotations),
           "give 4 for the published method, 1 for the shortest time");
  }
}

WindowOptions preset_options(std::string_view name) {
  if (const auto options = presets.value(name)) {
    return *options;
  }
  throw Error(ErrorCode::usage, "--preset", fmt::format("\"{}\" is no preset", name),
              fmt::format("give one of {}", presets.names()));
}

WindowGrid grid_of(std::int64_t height, std::int64_t width, const WindowOptions& options) {
  return window_grid(height, width, options.window, options.overlap,
                     options.skip_near_duplicates ? NearDuplicates::skip : NearDuplicates::keep);
}

std::int64_t network_windows(std::int64_t height, std::int64_t width,
                             const WindowOptions& options) {
  // A rotated image has the transposed grid, which has as many windows.
  return grid_of(height, width, options).count() * options.rotations;
}

nlohmann::json to_json(const WindowOptions& options) {
  return {{"window", options.window},
          {"overlap", options.overlap},
          {"rotations", options.rotations},
          {"blending", name_of(options.blending)},
          {"sigma", options.sigma},
          {"batch", options.batch},
          {"skip_near_duplicates", options.skip_near_duplicates}};
}

} // namespace lmc::inference
