// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::test {

/// An image to predict: structured noise, an OME-TIFF with one channel.
struct SampleImage {
  std::size_t height = 24;
  std::size_t width = 40;
  std::size_t z_planes = 1;
  std::size_t t_planes = 1;
  std::string channel = "PC";
  std::optional<image::PixelSize> pixel_um = image::PixelSize{0.1, 0.1};
  std::uint32_t seed = 1;
};

/// Writes the image, making its folder where needed, and returns its path as text.
std::string write_sample(const std::filesystem::path& path, const SampleImage& sample = {});

/// Values of all planes of a prediction, z fastest.
[[nodiscard]] std::vector<std::uint16_t> pixels_of(const std::filesystem::path& path);

/// Bytes of a prediction without its UUID, which no two files share.
[[nodiscard]] std::string content_without_uuid(const std::filesystem::path& path);

/// Writes networks of a few filters with formula weights for every role, and their manifest.
void write_tiny_models(const std::filesystem::path& folder);

/// One tiny generator in a file of its own; its `filters` tell files apart.
void write_tiny_model(const std::filesystem::path& file, std::int64_t filters = 2);

[[nodiscard]] nlohmann::json json_of(const std::filesystem::path& path);

/// Names of all files below a folder, sorted, hidden ones too.
[[nodiscard]] std::vector<std::string> files_below(const std::filesystem::path& folder);

} // namespace lmc::test
