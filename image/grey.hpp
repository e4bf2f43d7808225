// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lmc::image {

/// What the samples of one pixel mean.
enum class Colour {
  grey,          ///< one sample, or several of unknown meaning; larger is brighter
  inverted_grey, ///< MINISWHITE: larger is darker
  rgb,
  palette, ///< an index into a colour table
  other    ///< CMYK, YCbCr, CIELab, masks ...
};

/// What a plane's samples mean.
struct ColourModel {
  Colour colour = Colour::grey;
  std::string name = {};                   ///< for messages
  std::size_t colour_samples = 1;          ///< the first ones; the others are alpha
  std::vector<std::uint16_t> palette = {}; ///< red, green, blue: 2^bits entries each
};

/// One grey sample per pixel, brighter is larger; float16 becomes float32.
///
/// MINISWHITE integers are inverted within their bits. Colour samples that are equal in every
/// pixel are one grey sample; a palette whose entries are grey is looked up. Other colours become
/// luminance (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B) where `luminance` allows it.
/// @param path for messages
/// @throws Error input_unsupported
[[nodiscard]] RawPlane to_grey(RawPlane plane, const ColourModel& model, bool luminance,
                               const std::filesystem::path& path);

} // namespace lmc::image
