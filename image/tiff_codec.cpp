// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_codec.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace lmc::image {
namespace {

struct Entry {
  std::uint16_t number;
  std::string_view name;
  bool readable;
  bool predicts;
  std::uint64_t max_expansion; ///< 0: no bound
};

// Expansion: PackBits repeats one byte up to 128 times (2 bytes); an LZW code of 12 bits names at
// most 4095 bytes; deflate is bounded by 1032 (zlib's documentation); a zstd block of 4 bytes
// repeats one byte up to 128 KiB. Fax rows, JPEG blocks and LZMA have no useful bound.
constexpr std::array entries{
    Entry{COMPRESSION_NONE, "uncompressed", true, false, 1},
    Entry{COMPRESSION_CCITTRLE, "CCITT RLE", true, false, 0},
    Entry{COMPRESSION_CCITTFAX3, "CCITT Group 3 fax", true, false, 0},
    Entry{COMPRESSION_CCITTFAX4, "CCITT Group 4 fax", true, false, 0},
    Entry{COMPRESSION_LZW, "LZW", true, true, 4096},
    Entry{COMPRESSION_JPEG, "JPEG", true, false, 0},
    Entry{COMPRESSION_ADOBE_DEFLATE, "deflate", true, true, 1032},
    Entry{COMPRESSION_DEFLATE, "deflate", true, true, 1032},
    Entry{COMPRESSION_PACKBITS, "PackBits", true, false, 64},
    Entry{COMPRESSION_LZMA, "LZMA", true, true, 0},
    Entry{COMPRESSION_ZSTD, "zstd", true, true, 43691},
    Entry{COMPRESSION_OJPEG, "old-style JPEG", false, false, 0},
    Entry{COMPRESSION_NEXT, "NeXT", false, false, 0},
    Entry{COMPRESSION_CCITTRLEW, "CCITT RLE (word aligned)", true, false, 0},
    Entry{COMPRESSION_THUNDERSCAN, "ThunderScan", false, false, 0},
    Entry{COMPRESSION_PIXARFILM, "PixarFilm", false, false, 0},
    Entry{COMPRESSION_PIXARLOG, "PixarLog", false, false, 0},
    Entry{COMPRESSION_DCS, "Kodak DCS", false, false, 0},
    Entry{COMPRESSION_JBIG, "JBIG", false, false, 0},
    Entry{COMPRESSION_SGILOG, "SGI LogLuv", false, false, 0},
    Entry{COMPRESSION_SGILOG24, "SGI LogLuv 24", false, false, 0},
    Entry{33003, "JPEG 2000 (Aperio YCbCr)", false, false, 0},
    Entry{33005, "JPEG 2000 (Aperio RGB)", false, false, 0},
    Entry{34712, "JPEG 2000", false, false, 0},
    Entry{34892, "lossy JPEG (DNG)", false, false, 0},
    Entry{COMPRESSION_LERC, "LERC", false, false, 0},
    Entry{COMPRESSION_WEBP, "WebP", false, false, 0},
    Entry{22610, "JPEG XR (NDPI)", false, false, 0},
    Entry{34934, "JPEG XR", false, false, 0},
    Entry{50002, "JPEG XL", false, false, 0},
    Entry{52546, "JPEG XL", false, false, 0},
};

} // namespace

TiffCodec codec_of(std::uint16_t compression) {
  const auto entry = std::ranges::find(entries, compression, &Entry::number);
  if (entry == entries.end()) {
    return {.name = fmt::format("compression {} (unknown)", compression)};
  }
  const bool fax = entry->name.starts_with("CCITT");
  TiffCodec codec{.name = std::string{entry->name},
                  .readable = entry->readable,
                  .predicts = entry->predicts,
                  .hides_short_data = fax || entry->name == "deflate",
                  .invents_after_warning = fax || entry->name == "JPEG"};
  if (entry->max_expansion != 0) {
    codec.max_expansion = entry->max_expansion;
  }
  return codec;
}

} // namespace lmc::image
