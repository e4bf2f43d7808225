// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"
#include "image/pixel_type.hpp"
#include "image/tiff_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lmc::image {

class TiffHandle;

/// True when both sides lie between 0.01 and 100 um; anything else is a writer's mistake.
[[nodiscard]] bool is_sane(const PixelSize& size);

/// How the values of one TIFF page are stored and what they mean.
struct TiffLayout {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t samples = 1;        ///< per pixel
  std::size_t colour_samples = 1; ///< without alpha and, in RGB, without any extra sample
  PixelType type = PixelType::uint8;
  int bits = 8; ///< per value in the file, 1 ... 64
  Colour colour = Colour::grey;
  std::string colour_name;            ///< "MINISBLACK", "CMYK" ...
  std::vector<std::uint16_t> palette; ///< red, green, blue: 2^bits entries each; empty without one
  TiffCodec codec;
  bool separate = false; ///< one plane per sample
  bool tiled = false;
  std::size_t chunk_width = 0;     ///< of a tile, or the image's width
  std::size_t chunk_height = 0;    ///< of a tile or strip
  std::size_t chunk_row_bytes = 0; ///< of one decoded row of a strip or tile
  std::optional<PixelSize>
      pixel_um; ///< from XResolution and ResolutionUnit, if between 0.01 and 100
};

/// The layout of the page that `file` stands at.
/// @throws Error input_unsupported (codec, sample format, bit depth, colour subsampling),
/// input_corrupt
[[nodiscard]] TiffLayout read_layout(const TiffHandle& file);

} // namespace lmc::image
