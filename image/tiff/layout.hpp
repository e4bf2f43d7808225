// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/grey.hpp"
#include "image/image.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "image/tiff/directory.hpp"

#include <tiffio.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lmc::image {

/// A TIFF compression scheme.
struct TiffCodec {
  std::string name;
  bool readable = false;
  bool predicts = false; ///< the Predictor tag has a meaning with it
  /// libtiff 4.5 may report success without having decoded the end of a damaged strip.
  bool hides_short_data = false;
  /// libtiff warns of damage and goes on with pixels of its own.
  bool invents_after_warning = false;
  /// Most decoded bytes that one stored byte can stand for; nothing where there is no bound.
  std::optional<std::uint64_t> max_expansion = std::nullopt;
};

/// The scheme with this number (the Compression tag); unknown numbers get a name that states the
/// number.
[[nodiscard]] TiffCodec codec_of(std::uint16_t compression);

/// How the values of one TIFF page are stored and what they mean.
struct TiffLayout {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t samples = 1; ///< per pixel
  PixelType type = PixelType::uint8;
  int bits = 8; ///< per value in the file, 1 ... 64
  ColourModel colours;
  TiffCodec codec;
  bool separate = false; ///< one plane per sample
  bool tiled = false;
  std::size_t chunk_width = 0;     ///< of a tile, or the image's width
  std::size_t chunk_height = 0;    ///< of a tile or strip
  std::size_t chunk_row_bytes = 0; ///< of one decoded row of a strip or tile
  /// From XResolution and ResolutionUnit, if it is believable.
  std::optional<PixelSize> pixel_um;
};

/// The layout of the page that `tiff` stands at.
/// @param path for messages
/// @throws Error input_unsupported (codec, sample format, bit depth, colour subsampling),
///   input_corrupt
[[nodiscard]] TiffLayout read_layout(TIFF* tiff, const std::filesystem::path& path);

/// Rejects a page that declares what its file cannot hold or what the options forbid; that readers
/// disagree about; or whose directory does not list every strip and tile with its place and size,
/// uncompressed ones as long as they must be. libtiff 4.5 guesses all of these where they are
/// missing, and reads beyond the end of a strip that is too short.
/// @throws Error input_too_large, input_unsupported, input_corrupt
void check_page(const TiffDirectories& directories, const PageEntry& page, const TiffLayout& layout,
                const ReadOptions& options);

} // namespace lmc::image
