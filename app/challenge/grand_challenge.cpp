// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/grand_challenge.hpp"

#include "app/challenge/static_configuration.hpp"
#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/files/temporary_file.hpp"
#include "common/records/json.hpp"
#include "dataset/scan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace lmc::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t listing_limit = 20;

/// Everything below a folder, for an error message.
std::string listing(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator{folder, error};
       !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    if (names.size() == listing_limit) {
      names.emplace_back("...");
      break;
    }
    names.push_back(entry->path().lexically_relative(folder).string());
  }
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

std::string text_at(const nlohmann::json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string()
             ? object[key].get<std::string>()
             : std::string{};
}

struct Socket {
  std::string relative_path;
  std::string image_name;
};

/// The transmitted-light entry of inputs.json. `interface` is the older name of `socket`.
std::optional<Socket> transmitted_light_socket(const nlohmann::json& inputs) {
  if (!inputs.is_array()) {
    throw std::invalid_argument{"it is not a list of sockets"};
  }
  for (const nlohmann::json& input : inputs) {
    for (const char* const key : {"socket", "interface"}) {
      if (!input.is_object() || !input.contains(key) ||
          text_at(input[key], "slug") != configuration::input_slug) {
        continue;
      }
      const nlohmann::json image = input.value("image", nlohmann::json{});
      return Socket{text_at(input[key], "relative_path"), text_at(image, "name")};
    }
  }
  throw std::invalid_argument{fmt::format("it names no socket {}", configuration::input_slug)};
}

std::optional<Socket> read_inputs_json(const fs::path& file) {
  if (!fs::exists(file)) {
    return std::nullopt;
  }
  try {
    std::optional<Socket> socket = transmitted_light_socket(read_json_file(file));
    const fs::path relative{socket->relative_path};
    if (relative.is_absolute() ||
        std::find(relative.begin(), relative.end(), "..") != relative.end()) {
      throw std::invalid_argument{"its relative_path leaves the input folder"};
    }
    return socket;
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::input_corrupt, file.string(),
                fmt::format("inputs.json cannot be used: {}", error.what()),
                "write it as the platform does, or remove it so that the folder decides"};
  }
}

Error no_single_image(const fs::path& input, const fs::path& folder, std::size_t count) {
  const std::string found = count == 0 ? "no image" : fmt::format("{} images", count);
  return Error{ErrorCode::input_ambiguous, folder.string(),
               fmt::format("{} where one case has exactly one; {} holds: {}", found, input.string(),
                           listing(input)),
               fmt::format("put one OME-TIFF into {}", folder.string())};
}

} // namespace

ChallengeCase find_case(const fs::path& input) {
  const std::optional<Socket> socket = read_inputs_json(input / "inputs.json");
  const fs::path folder =
      input / (socket && !socket->relative_path.empty() ? fs::path{socket->relative_path}
                                                        : fs::path{configuration::input_images});
  std::vector<fs::path> images;
  std::error_code error;
  for (auto entry = fs::directory_iterator{folder, error};
       !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    if (dataset::is_image_name(*entry)) {
      images.push_back(entry->path());
    }
  }
  if (images.size() != 1) {
    throw no_single_image(input, folder, images.size());
  }
  const std::string name = socket ? socket->image_name : std::string{};
  return {images.front(), name.empty() ? images.front().filename().string() : name};
}

PerOrganelle<fs::path> prepare_outputs(const fs::path& output, const fs::path& image) {
  PerOrganelle<fs::path> files;
  for (const Organelle organelle : all_organelles) {
    const fs::path folder = output / configuration::output_images.at(channel_of(organelle));
    make_output_folder(folder);
    if (!fs::is_empty(folder)) {
      throw Error{ErrorCode::output_exists, folder.string(),
                  "the folder is not empty, and the platform imports exactly one file from it",
                  "empty the output folder"};
    }
    files[organelle] = folder / (image.stem().string() + ".tiff");
    // Found out now rather than after minutes of computing.
    const TemporaryFile probe{files[organelle]};
  }
  return files;
}

fs::path choose_models(const fs::path& uploaded, const fs::path& built_in) {
  std::error_code error;
  const bool holds_models = fs::is_directory(uploaded, error) && !fs::is_empty(uploaded, error);
  return holds_models && !error ? uploaded : built_in;
}

} // namespace lmc::app
