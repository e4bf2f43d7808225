// SPDX-License-Identifier: Apache-2.0
#include "inference/preset.hpp"

#include "common/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace lmc::inference {

namespace {

using nlohmann::json;

// docs/inference.md lists what each costs; preset_test.cpp holds those counts.
constexpr std::array<Preset, 3> known_presets{{
    {.name = "paper", .options = {}},
    {.name = "balanced", .options = {.overlap = 0.5, .rotations = 2}},
    {.name = "fast", .options = {.overlap = 0.25, .rotations = 1}},
}};

// Beyond this a batch fits no memory there is.
constexpr std::int64_t max_batch = 4096;

[[noreturn]] void refuse(std::string_view option, std::string cause, std::string remedy) {
  throw Error(ErrorCode::configuration, std::string(option), std::move(cause), std::move(remedy));
}

std::int64_t integer_in(const json& value, std::string_view key) {
  // Read as a double first: nlohmann_json turns 2^64 - 1 into -1 when asked for a signed integer.
  if (!value.is_number_integer() ||
      std::abs(value.get<double>()) > std::numeric_limits<int>::max()) {
    refuse(key, fmt::format("{}, an integer is expected", value.dump()), "give a whole number");
  }
  return value.get<std::int64_t>();
}

double number_in(const json& value, std::string_view key) {
  if (!value.is_number()) {
    refuse(key, fmt::format("{}, a number is expected", value.dump()), "give a number");
  }
  return value.get<double>();
}

bool boolean_in(const json& value, std::string_view key) {
  if (!value.is_boolean()) {
    refuse(key, fmt::format("{}, true or false is expected", value.dump()), "give true or false");
  }
  return value.get<bool>();
}

Blending blending_in(const json& value) {
  const auto blending =
      value.is_string() ? blending_from_name(value.get<std::string>()) : std::nullopt;
  if (!blending) {
    refuse("blending", fmt::format("{}, allowed are monai-0.9, monai-1, constant", value.dump()),
           "give one of these names");
  }
  return *blending;
}

void assign(WindowOptions& options, std::string_view key, const json& value) {
  if (key == "window") {
    options.window = integer_in(value, key);
  } else if (key == "overlap") {
    options.overlap = number_in(value, key);
  } else if (key == "rotations") {
    options.rotations = static_cast<int>(integer_in(value, key));
  } else if (key == "blending") {
    options.blending = blending_in(value);
  } else if (key == "sigma") {
    options.sigma = number_in(value, key);
  } else if (key == "batch") {
    options.batch = integer_in(value, key);
  } else if (key == "skip_near_duplicates") {
    options.skip_near_duplicates = boolean_in(value, key);
  } else {
    refuse(key, "no such window option",
           "the options are window, overlap, rotations, blending, sigma, batch and "
           "skip_near_duplicates");
  }
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

std::span<const Preset> presets() {
  return known_presets;
}

WindowOptions preset_options(std::string_view name) {
  std::string names;
  for (const Preset& preset : known_presets) {
    if (preset.name == name) {
      return preset.options;
    }
    names += fmt::format("{}{}", names.empty() ? "" : ", ", preset.name);
  }
  throw Error(ErrorCode::usage, "--preset", fmt::format("\"{}\" is no preset", name),
              fmt::format("give one of {}", names));
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

json to_json(const WindowOptions& options) {
  return {{"window", options.window},
          {"overlap", options.overlap},
          {"rotations", options.rotations},
          {"blending", name_of(options.blending)},
          {"sigma", options.sigma},
          {"batch", options.batch},
          {"skip_near_duplicates", options.skip_near_duplicates}};
}

WindowOptions window_options_from_json(const json& object) {
  if (!object.is_object()) {
    refuse("window options", fmt::format("{}, an object is expected", object.dump().substr(0, 40)),
           "give {\"window\": 512, \"overlap\": 0.8, ...}");
  }
  WindowOptions options;
  for (const auto& [key, value] : object.items()) {
    assign(options, key, value);
  }
  options.validate();
  return options;
}

} // namespace lmc::inference
