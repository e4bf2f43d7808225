// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/tiff/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <vector>

namespace lmc::evaluation::test {

/// Reproducible grey values.
[[nodiscard]] inline std::vector<std::uint16_t> noise(std::size_t count, unsigned seed) {
  std::mt19937 bits(seed);
  std::vector<std::uint16_t> values(count);
  for (auto& value : values) {
    value = static_cast<std::uint16_t>(bits() % 60'000);
  }
  return values;
}

/// Writes a tiled OME-TIFF of `planes` focal planes.
/// @param values [planes, height, width]
inline void write_image(const std::filesystem::path& path, std::span<const std::uint16_t> values,
                        std::size_t height, std::size_t width, std::size_t planes = 1) {
  std::filesystem::create_directories(path.parent_path());
  image::OmeTiffDescription description;
  description.height = height;
  description.width = width;
  description.z_planes = planes;
  image::OmeTiffWriter writer{path, description};
  for (std::size_t z = 0; z < planes; ++z) {
    writer.write_plane(values.subspan(z * height * width, height * width));
  }
  writer.commit(Existing::refuse);
}

} // namespace lmc::evaluation::test
