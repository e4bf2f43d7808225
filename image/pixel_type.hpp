// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace lmc::image {

/// How one value lies in memory, in this machine's byte order. `float16` is IEEE binary16.
enum class PixelType {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  uint64,
  int64,
  float16,
  float32,
  float64
};

/// Bytes per value.
[[nodiscard]] std::size_t size_of(PixelType type);

/// "uint8" ... "float64", as numpy names them.
[[nodiscard]] std::string_view name_of(PixelType type);

[[nodiscard]] bool is_float(PixelType type);

/// What the samples of one pixel mean.
enum class Colour {
  grey,          ///< one sample, or several of unknown meaning; larger is brighter
  inverted_grey, ///< MINISWHITE: larger is darker
  rgb,
  palette, ///< an index into a colour table
  other    ///< CMYK, YCbCr, CIELab, masks ...
};

/// Values of one plane as they are in the file.
struct RawPlane {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t samples = 1;
  PixelType type = PixelType::uint16;
  int bits = 16;                ///< significant bits per value in the file
  std::vector<std::byte> bytes; ///< [height, width, samples] of `type`, row-major
};

} // namespace lmc::image
