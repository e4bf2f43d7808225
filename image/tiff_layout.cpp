// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_layout.hpp"

#include "common/error.hpp"
#include "image/tiff_handle.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace lmc::image {
namespace {

[[noreturn]] void unsupported(const TiffHandle& file, std::string cause) {
  throw Error(ErrorCode::input_unsupported, file.path().string(), std::move(cause),
              "convert it to an uncompressed 16-bit grey TIFF, for example with "
              "`bfconvert -compression Uncompressed in.tif out.ome.tiff` or ImageJ");
}

[[noreturn]] void corrupt(const TiffHandle& file, std::string cause) {
  throw Error(ErrorCode::input_corrupt, file.path().string(), std::move(cause),
              "copy or export the image again");
}

template <class T> T field(const TiffHandle& file, std::uint32_t tag, T fallback) {
  T value{};
  return TIFFGetFieldDefaulted(file.get(), tag, &value) != 0 ? value : fallback;
}

std::optional<PixelType> integer_type(int bits, bool is_signed) {
  if (is_signed) {
    switch (bits) {
    case 8:
      return PixelType::int8;
    case 16:
      return PixelType::int16;
    case 32:
      return PixelType::int32;
    case 64:
      return PixelType::int64;
    default:
      return std::nullopt;
    }
  }
  if (bits >= 1 && bits <= 16) {
    return bits <= 8 ? PixelType::uint8 : PixelType::uint16;
  }
  // 24 bits: readers disagree about the byte order.
  return bits == 32   ? std::optional{PixelType::uint32}
         : bits == 64 ? std::optional{PixelType::uint64}
                      : std::nullopt;
}

std::optional<PixelType> float_type(int bits) {
  switch (bits) {
  case 16:
    return PixelType::float16;
  case 32:
    return PixelType::float32;
  case 64:
    return PixelType::float64;
  default:
    return std::nullopt;
  }
}

PixelType pixel_type(const TiffHandle& file, int bits) {
  const auto format = field<std::uint16_t>(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  std::optional<PixelType> type;
  std::string_view name = "unsigned integer";
  switch (format) {
  case SAMPLEFORMAT_UINT:
  case SAMPLEFORMAT_VOID:
    type = integer_type(bits, false);
    break;
  case SAMPLEFORMAT_INT:
    name = "signed integer";
    type = integer_type(bits, true);
    break;
  case SAMPLEFORMAT_IEEEFP:
    name = "floating point";
    type = float_type(bits);
    break;
  case SAMPLEFORMAT_COMPLEXINT:
  case SAMPLEFORMAT_COMPLEXIEEEFP:
    name = "complex";
    break;
  default:
    unsupported(file, fmt::format("its sample format {} is unknown", format));
  }
  if (!type) {
    unsupported(file, fmt::format("its values are {}-bit {}, which is not read", bits, name));
  }
  return *type;
}

struct Photometric {
  Colour colour;
  std::string name;
  std::size_t base_samples; ///< that the interpretation defines; 0: any number
};

Photometric photometric_of(const TiffHandle& file) {
  std::uint16_t number = 0;
  if (TIFFGetField(file.get(), TIFFTAG_PHOTOMETRIC, &number) == 0) {
    return {Colour::grey, "no photometric interpretation", 0};
  }
  switch (number) {
  case PHOTOMETRIC_MINISWHITE:
    return {Colour::inverted_grey, "MINISWHITE", 0};
  case PHOTOMETRIC_MINISBLACK:
    return {Colour::grey, "MINISBLACK", 0};
  case PHOTOMETRIC_RGB:
    return {Colour::rgb, "RGB", 3};
  case PHOTOMETRIC_PALETTE:
    return {Colour::palette, "a colour palette", 1};
  case PHOTOMETRIC_MASK:
    return {Colour::other, "a transparency mask", 1};
  case PHOTOMETRIC_SEPARATED:
    return {Colour::other, "CMYK", 4};
  case PHOTOMETRIC_YCBCR:
    return {Colour::other, "YCbCr", 3};
  case PHOTOMETRIC_CIELAB:
  case PHOTOMETRIC_ICCLAB:
  case PHOTOMETRIC_ITULAB:
    return {Colour::other, "CIE L*a*b*", 3};
  case PHOTOMETRIC_CFA:
    return {Colour::other, "a colour filter array", 1};
  case PHOTOMETRIC_LOGL:
    return {Colour::other, "CIE Log2(L)", 1};
  case PHOTOMETRIC_LOGLUV:
    return {Colour::other, "CIE Log2(L) (u',v')", 3};
  default:
    return {Colour::other, fmt::format("photometric interpretation {}", number), 0};
  }
}

/// Samples that carry the picture: declared alpha samples are left out.
std::size_t count_colour_samples(const TiffHandle& file, const Photometric& photometric,
                                 std::size_t samples) {
  if (photometric.base_samples != 0) {
    return std::min(samples, photometric.base_samples);
  }
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || kinds == nullptr) {
    return samples;
  }
  const auto alphas = static_cast<std::size_t>(
      std::ranges::count_if(std::span{kinds, count}, [](std::uint16_t kind) { return kind != 0; }));
  return alphas < samples ? samples - alphas : samples;
}

std::vector<std::uint16_t> read_palette(const TiffHandle& file, int bits) {
  std::uint16_t* red = nullptr;
  std::uint16_t* green = nullptr;
  std::uint16_t* blue = nullptr;
  if (bits > 16 || TIFFGetField(file.get(), TIFFTAG_COLORMAP, &red, &green, &blue) == 0) {
    corrupt(file, "it has a colour palette as its interpretation but no palette");
  }
  const std::size_t entries = std::size_t{1} << bits;
  std::vector<std::uint16_t> palette;
  for (const std::uint16_t* channel : {red, green, blue}) {
    palette.insert(palette.end(), channel, channel + entries);
  }
  return palette;
}

std::optional<PixelSize> resolution_um(const TiffHandle& file) {
  const auto unit = field<std::uint16_t>(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  const double unit_um = unit == RESUNIT_INCH ? 25400.0 : unit == RESUNIT_CENTIMETER ? 10000.0 : 0;
  const auto x = static_cast<double>(field<float>(file, TIFFTAG_XRESOLUTION, 0));
  const auto y = static_cast<double>(field<float>(file, TIFFTAG_YRESOLUTION, 0));
  if (!(unit_um > 0 && x > 0 && y > 0)) {
    return std::nullopt;
  }
  const PixelSize size{unit_um / x, unit_um / y};
  return is_sane(size) ? std::optional{size} : std::nullopt;
}

void read_chunks(const TiffHandle& file, TiffLayout& layout) {
  layout.tiled = TIFFIsTiled(file.get()) != 0;
  if (layout.tiled) {
    layout.chunk_width = field<std::uint32_t>(file, TIFFTAG_TILEWIDTH, 0);
    layout.chunk_height = field<std::uint32_t>(file, TIFFTAG_TILELENGTH, 0);
    layout.chunk_row_bytes = TIFFTileRowSize64(file.get());
  } else {
    layout.chunk_width = layout.width;
    layout.chunk_height =
        std::min<std::size_t>(layout.height, field<std::uint32_t>(file, TIFFTAG_ROWSPERSTRIP, 0));
    layout.chunk_row_bytes = TIFFScanlineSize64(file.get());
  }
  if (layout.chunk_width == 0 || layout.chunk_height == 0 || layout.chunk_row_bytes == 0) {
    corrupt(file, layout.tiled ? "its tiles have no size" : "its strips have no rows");
  }
}

void read_codec(const TiffHandle& file, const Photometric& photometric, TiffLayout& layout) {
  const auto number = field<std::uint16_t>(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  layout.codec = codec_of(number);
  if (!layout.codec.readable || TIFFIsCODECConfigured(number) == 0) {
    unsupported(file,
                fmt::format("it is compressed with {}, which is not read", layout.codec.name));
  }
  if (photometric.name != "YCbCr") {
    return;
  }
  if (number != COMPRESSION_JPEG) {
    unsupported(file, "its pixels are YCbCr without JPEG compression, which is not read");
  }
  TIFFSetField(file.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  layout.colour = Colour::rgb;
  layout.colour_name = "RGB";
}

} // namespace

bool is_sane(const PixelSize& size) {
  constexpr double smallest_um = 0.01;
  constexpr double largest_um = 100;
  return size.x_um >= smallest_um && size.x_um <= largest_um && size.y_um >= smallest_um &&
         size.y_um <= largest_um;
}

TiffLayout read_layout(const TiffHandle& file) {
  TiffLayout layout;
  layout.width = field<std::uint32_t>(file, TIFFTAG_IMAGEWIDTH, 0);
  layout.height = field<std::uint32_t>(file, TIFFTAG_IMAGELENGTH, 0);
  layout.samples = field<std::uint16_t>(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.bits = field<std::uint16_t>(file, TIFFTAG_BITSPERSAMPLE, 1);
  if (layout.width == 0 || layout.height == 0 || layout.samples == 0) {
    corrupt(file, fmt::format("it declares {} x {} pixels with {} samples", layout.width,
                              layout.height, layout.samples));
  }
  const Photometric photometric = photometric_of(file);
  layout.colour = photometric.colour;
  layout.colour_name = photometric.name;
  read_codec(file, photometric, layout);
  layout.type = pixel_type(file, layout.bits);
  layout.colour_samples = count_colour_samples(file, photometric, layout.samples);
  layout.separate = layout.samples > 1 &&
                    field<std::uint16_t>(file, TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE;
  if (layout.colour == Colour::palette) {
    if (layout.type != PixelType::uint8 && layout.type != PixelType::uint16) {
      unsupported(file, fmt::format("its palette is looked up with {} values, which is not read",
                                    name_of(layout.type)));
    }
    layout.palette = read_palette(file, layout.bits);
  }
  read_chunks(file, layout);
  layout.pixel_um = resolution_um(file);
  return layout;
}

} // namespace lmc::image
