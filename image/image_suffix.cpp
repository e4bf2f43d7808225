// SPDX-License-Identifier: Apache-2.0
#include "image/image_suffix.hpp"

#include "common/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace lmc::image {

namespace {

// The longest first: "x.ome.tiff" must lose all of ".ome.tiff". tf2, tf8 and btf are BigTIFF.
constexpr std::array<std::string_view, 17> suffixes{
    ".ome.tiff", ".ome.tif", ".ome.tf2", ".ome.tf8", ".ome.btf", ".nii.gz", ".tiff", ".tif", ".tf2",
    ".tf8",      ".btf",     ".mha",     ".mhd",     ".nrrd",    ".nhdr",   ".nii",  ".png"};

} // namespace

std::optional<std::string_view> image_suffix(std::string_view name) {
  const std::string lower = lower_case(name);
  const auto* const found = std::ranges::find_if(
      suffixes, [&](std::string_view suffix) { return lower.ends_with(suffix); });
  return found == suffixes.end() ? std::nullopt : std::optional{*found};
}

std::filesystem::path without_image_suffix(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const auto suffix = image_suffix(name);
  return path.parent_path() /
         (suffix ? name.substr(0, name.size() - suffix->size()) : path.stem().string());
}

} // namespace lmc::image
