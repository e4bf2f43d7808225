// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/tiff/writer.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace lmc::training::test {

/// Writes an OME-TIFF of one plane whose pixel (y, x) is `value(y, x)`.
template <typename Value>
std::filesystem::path write_image(const std::filesystem::path& file, std::size_t height,
                                  std::size_t width, Value value) {
  std::vector<std::uint16_t> pixels;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      pixels.push_back(static_cast<std::uint16_t>(value(y, x)));
    }
  }
  image::OmeTiffDescription description;
  description.height = height;
  description.width = width;
  image::OmeTiffWriter writer{file, description};
  writer.write_plane(pixels);
  writer.commit(Existing::replace);
  return file;
}

/// A ramp on which every pixel is another grey, never zero.
inline std::filesystem::path write_ramp(const std::filesystem::path& file, std::size_t height,
                                        std::size_t width) {
  return write_image(file, height, width,
                     [width](std::size_t y, std::size_t x) { return 1 + y * width + x; });
}

} // namespace lmc::training::test
