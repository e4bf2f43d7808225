// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/layout.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace lmc::image {
namespace {

/// The page that libtiff stands at.
struct Page {
  TIFF* tiff;
  const std::filesystem::path& path;

  template <class T> [[nodiscard]] T field(std::uint32_t tag, T fallback) const {
    T value{};
    return TIFFGetFieldDefaulted(tiff, tag, &value) != 0 ? value : fallback;
  }

  [[noreturn]] void unsupported(std::string cause) const {
    throw Error(ErrorCode::input_unsupported, path.string(), std::move(cause),
                "convert it to an uncompressed 16-bit grey TIFF, for example with "
                "`bfconvert -compression Uncompressed in.tif out.ome.tiff` or ImageJ");
  }

  [[noreturn]] void corrupt(std::string cause) const {
    throw Error(ErrorCode::input_corrupt, path.string(), std::move(cause),
                "copy or export the image again");
  }
};

struct CodecEntry {
  std::uint16_t number;
  std::string_view name;
  bool readable;
  bool predicts;
  std::uint64_t max_expansion; ///< 0: no bound
};

// Expansion: PackBits repeats one byte up to 128 times (2 bytes); an LZW code of 12 bits names at
// most 4095 bytes; deflate is bounded by 1032 (zlib's documentation); a zstd block of 4 bytes
// repeats one byte up to 128 KiB. Fax rows, JPEG blocks and LZMA have no useful bound.
constexpr std::array codecs{
    CodecEntry{COMPRESSION_NONE, "uncompressed", true, false, 1},
    CodecEntry{COMPRESSION_CCITTRLE, "CCITT RLE", true, false, 0},
    CodecEntry{COMPRESSION_CCITTFAX3, "CCITT Group 3 fax", true, false, 0},
    CodecEntry{COMPRESSION_CCITTFAX4, "CCITT Group 4 fax", true, false, 0},
    CodecEntry{COMPRESSION_LZW, "LZW", true, true, 4096},
    CodecEntry{COMPRESSION_JPEG, "JPEG", true, false, 0},
    CodecEntry{COMPRESSION_ADOBE_DEFLATE, "deflate", true, true, 1032},
    CodecEntry{COMPRESSION_DEFLATE, "deflate", true, true, 1032},
    CodecEntry{COMPRESSION_PACKBITS, "PackBits", true, false, 64},
    CodecEntry{COMPRESSION_LZMA, "LZMA", true, true, 0},
    CodecEntry{COMPRESSION_ZSTD, "zstd", true, true, 43691},
    CodecEntry{COMPRESSION_CCITTRLEW, "CCITT RLE (word aligned)", true, false, 0},
    CodecEntry{33003, "JPEG 2000 (Aperio YCbCr)", false, false, 0},
    CodecEntry{33005, "JPEG 2000 (Aperio RGB)", false, false, 0},
    CodecEntry{34712, "JPEG 2000", false, false, 0},
    CodecEntry{34892, "lossy JPEG (DNG)", false, false, 0},
    CodecEntry{22610, "JPEG XR (NDPI)", false, false, 0},
    CodecEntry{34934, "JPEG XR", false, false, 0},
    CodecEntry{50002, "JPEG XL", false, false, 0},
    CodecEntry{52546, "JPEG XL", false, false, 0},
};

PixelType pixel_type(const Page& page, int bits) {
  struct Format {
    std::string_view name;
    std::optional<NumberKind> kind;
  };
  // From SAMPLEFORMAT_UINT on.
  static constexpr std::array formats{Format{"unsigned integer", NumberKind::unsigned_integer},
                                      Format{"signed integer", NumberKind::signed_integer},
                                      Format{"floating point", NumberKind::floating},
                                      Format{"unsigned integer", NumberKind::unsigned_integer},
                                      Format{"complex", std::nullopt},
                                      Format{"complex", std::nullopt}};
  const std::size_t number = page.field<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (number == 0 || number > formats.size()) {
    page.unsupported(fmt::format("its sample format {} is unknown", number));
  }
  const Format& format = formats.at(number - 1);
  // Unsigned integers may be packed. Of more than 16 bits they are not read: of 24 bits, readers
  // disagree about the byte order.
  const bool packed = format.kind == NumberKind::unsigned_integer && bits <= 16;
  const auto bytes = static_cast<std::size_t>(packed ? (bits + 7) / 8 : bits / 8);
  const auto type =
      format.kind && (packed || bits % 8 == 0) ? pixel_type_of(*format.kind, bytes) : std::nullopt;
  if (!type) {
    page.unsupported(fmt::format("its values are {}-bit {}, which is not read", bits, format.name));
  }
  return *type;
}

struct Photometric {
  std::uint16_t number;
  Colour colour;
  std::string_view name;
  std::size_t base_samples; ///< that the interpretation defines; 0: any number
};

constexpr std::array photometrics{
    Photometric{PHOTOMETRIC_MINISWHITE, Colour::inverted_grey, "MINISWHITE", 0},
    Photometric{PHOTOMETRIC_MINISBLACK, Colour::grey, "MINISBLACK", 0},
    Photometric{PHOTOMETRIC_RGB, Colour::rgb, "RGB", 3},
    Photometric{PHOTOMETRIC_PALETTE, Colour::palette, "a colour palette", 1},
    Photometric{PHOTOMETRIC_MASK, Colour::other, "a transparency mask", 1},
    Photometric{PHOTOMETRIC_SEPARATED, Colour::other, "CMYK", 4},
    Photometric{PHOTOMETRIC_YCBCR, Colour::other, "YCbCr", 3},
    Photometric{PHOTOMETRIC_CIELAB, Colour::other, "CIE L*a*b*", 3},
    Photometric{PHOTOMETRIC_ICCLAB, Colour::other, "CIE L*a*b*", 3},
    Photometric{PHOTOMETRIC_ITULAB, Colour::other, "CIE L*a*b*", 3},
    Photometric{PHOTOMETRIC_CFA, Colour::other, "a colour filter array", 1},
    Photometric{PHOTOMETRIC_LOGL, Colour::other, "CIE Log2(L)", 1},
    Photometric{PHOTOMETRIC_LOGLUV, Colour::other, "CIE Log2(L) (u',v')", 3},
};

Photometric photometric_of(const Page& page) {
  std::uint16_t number = 0;
  if (TIFFGetField(page.tiff, TIFFTAG_PHOTOMETRIC, &number) == 0) {
    return {0, Colour::grey, "no photometric interpretation", 0};
  }
  const auto* const found = std::ranges::find(photometrics, number, &Photometric::number);
  return found != photometrics.end() ? *found : Photometric{number, Colour::other, "", 0};
}

/// Samples that carry the picture: declared alpha samples are left out.
std::size_t count_colour_samples(const Page& page, const Photometric& photometric,
                                 std::size_t samples) {
  if (photometric.base_samples != 0) {
    return std::min(samples, photometric.base_samples);
  }
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(page.tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || kinds == nullptr) {
    return samples;
  }
  const auto alphas = static_cast<std::size_t>(
      std::ranges::count_if(std::span{kinds, count}, [](std::uint16_t kind) { return kind != 0; }));
  return alphas < samples ? samples - alphas : samples;
}

std::vector<std::uint16_t> read_palette(const Page& page, const TiffLayout& layout) {
  if (layout.type != PixelType::uint8 && layout.type != PixelType::uint16) {
    page.unsupported(fmt::format("its palette is looked up with {} values, which is not read",
                                 name_of(layout.type)));
  }
  std::uint16_t* red = nullptr;
  std::uint16_t* green = nullptr;
  std::uint16_t* blue = nullptr;
  if (TIFFGetField(page.tiff, TIFFTAG_COLORMAP, &red, &green, &blue) == 0) {
    page.corrupt("it has a colour palette as its interpretation but no palette");
  }
  const std::size_t entries = std::size_t{1} << layout.bits;
  std::vector<std::uint16_t> palette;
  for (const std::uint16_t* channel : {red, green, blue}) {
    palette.insert(palette.end(), channel, channel + entries);
  }
  return palette;
}

ColourModel read_colours(const Page& page, const TiffLayout& layout) {
  const Photometric photometric = photometric_of(page);
  ColourModel model{.colour = photometric.colour,
                    .name = std::string{photometric.name},
                    .colour_samples = count_colour_samples(page, photometric, layout.samples)};
  if (model.name.empty()) {
    model.name = fmt::format("photometric interpretation {}", photometric.number);
  }
  if (photometric.number == PHOTOMETRIC_YCBCR) {
    if (page.field<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE) != COMPRESSION_JPEG) {
      page.unsupported("its pixels are YCbCr without JPEG compression, which is not read");
    }
    TIFFSetField(page.tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    model.colour = Colour::rgb;
    model.name = "RGB";
  }
  if (model.colour == Colour::palette) {
    model.palette = read_palette(page, layout);
  }
  return model;
}

TiffCodec read_codec(const Page& page) {
  const auto number = page.field<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  TiffCodec codec = codec_of(number);
  if (!codec.readable || TIFFIsCODECConfigured(number) == 0) {
    page.unsupported(fmt::format("it is compressed with {}, which is not read", codec.name));
  }
  return codec;
}

std::optional<PixelSize> resolution_um(const Page& page) {
  const auto unit = page.field<std::uint16_t>(TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  const double unit_um = unit == RESUNIT_INCH ? 25400.0 : unit == RESUNIT_CENTIMETER ? 10000.0 : 0;
  const auto x = static_cast<double>(page.field<float>(TIFFTAG_XRESOLUTION, 0));
  const auto y = static_cast<double>(page.field<float>(TIFFTAG_YRESOLUTION, 0));
  if (!(unit_um > 0 && x > 0 && y > 0)) {
    return std::nullopt;
  }
  const PixelSize size{unit_um / x, unit_um / y};
  return is_sane(size) ? std::optional{size} : std::nullopt;
}

void read_chunk_sizes(const Page& page, TiffLayout& layout) {
  layout.tiled = TIFFIsTiled(page.tiff) != 0;
  if (layout.tiled) {
    layout.chunk_width = page.field<std::uint32_t>(TIFFTAG_TILEWIDTH, 0);
    layout.chunk_height = page.field<std::uint32_t>(TIFFTAG_TILELENGTH, 0);
    layout.chunk_row_bytes = TIFFTileRowSize64(page.tiff);
  } else {
    layout.chunk_width = layout.width;
    layout.chunk_height =
        std::min<std::size_t>(layout.height, page.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, 0));
    layout.chunk_row_bytes = TIFFScanlineSize64(page.tiff);
  }
  if (layout.chunk_width == 0 || layout.chunk_height == 0 || layout.chunk_row_bytes == 0) {
    page.corrupt(layout.tiled ? "its tiles have no size" : "its strips have no rows");
  }
}

} // namespace

TiffCodec codec_of(std::uint16_t compression) {
  const auto* const entry = std::ranges::find(codecs, compression, &CodecEntry::number);
  if (entry == codecs.end()) {
    const TIFFCodec* const known = TIFFFindCODEC(compression); // to libtiff
    return {.name = known != nullptr ? known->name
                                     : fmt::format("compression {} (unknown)", compression)};
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

TiffLayout read_layout(TIFF* tiff, const std::filesystem::path& path) {
  const Page page{tiff, path};
  TiffLayout layout;
  layout.width = page.field<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
  layout.height = page.field<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0);
  layout.samples = page.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.bits = page.field<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
  if (layout.width == 0 || layout.height == 0 || layout.samples == 0) {
    page.corrupt(fmt::format("it declares {} x {} pixels with {} samples", layout.width,
                             layout.height, layout.samples));
  }
  layout.codec = read_codec(page);
  layout.type = pixel_type(page, layout.bits);
  layout.colours = read_colours(page, layout);
  layout.separate = layout.samples > 1 &&
                    page.field<std::uint16_t>(TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE;
  read_chunk_sizes(page, layout);
  layout.pixel_um = resolution_um(page);
  return layout;
}

} // namespace lmc::image
