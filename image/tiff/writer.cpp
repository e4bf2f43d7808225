// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/writer.hpp"

#include "common/error.hpp"
#include "common/version.hpp"
#include "image/tiff/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace lmc::image {

namespace {

constexpr std::size_t tile_side = 256;
constexpr double um_per_cm = 1e4;

Error failed(const std::filesystem::path& path, const std::string& reason, int system_error) {
  const bool full = system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
  return Error{ErrorCode::output_failed, path.string(), "writing failed (" + reason + ")",
               full ? "free disk space (or raise the file size limit) and run again"
                    : "check the output folder's file system"};
}

std::size_t tile_bytes(const OmeTiffDescription& description) {
  return tile_side * tile_side * size_of(description.type);
}

std::size_t tiles_per_plane(const OmeTiffDescription& description) {
  const auto tiles = [](std::size_t pixels) { return (pixels + tile_side - 1) / tile_side; };
  return tiles(description.height) * tiles(description.width);
}

std::size_t planes_of(const OmeTiffDescription& description) {
  return description.z_planes * description.t_planes;
}

/// "w4" or "w8", judged by the size without compression: what deflate will save is not known yet.
const char* mode_for(const OmeTiffDescription& description) {
  const std::uint64_t bytes = std::uint64_t{planes_of(description)} * tiles_per_plane(description) *
                              tile_bytes(description);
  return bytes > description.classic_limit_bytes ? "w8" : "w4";
}

OmeTiffDescription checked(OmeTiffDescription description) {
  constexpr std::size_t largest_side = std::size_t{1} << 31;
  const auto is_size = [](std::size_t pixels) { return pixels > 0 && pixels < largest_side; };
  if (!is_size(description.height) || !is_size(description.width) || planes_of(description) == 0) {
    throw std::invalid_argument{"OmeTiffWriter: the size must be from 1 to 2^31 - 1"};
  }
  if (description.type != PixelType::uint16 && description.type != PixelType::float32) {
    throw std::invalid_argument{"OmeTiffWriter: the type must be uint16 or float32"};
  }
  const PixelSize pixel = description.pixel_um.value_or(unknown_pixel_um);
  const auto is_length = [](double um) { return std::isfinite(um) && um > 1e-5 && um < 1e6; };
  if (!is_length(pixel.x_um) || !is_length(pixel.y_um)) {
    throw std::invalid_argument{"OmeTiffWriter: the pixel size must be a length, in micrometres"};
  }
  return description;
}

/// Calls `use(row, column)` with the first pixel of each tile, in the file's order.
template <class Use> void for_each_tile(const OmeTiffDescription& description, Use use) {
  for (std::size_t row = 0; row < description.height; row += tile_side) {
    for (std::size_t column = 0; column < description.width; column += tile_side) {
      use(row, column);
    }
  }
}

/// One tile of a plane, zero beyond the image.
void cut_tile(std::span<const std::byte> plane, const OmeTiffDescription& description,
              std::size_t row, std::size_t column, std::span<std::byte> tile) {
  const std::size_t bytes = size_of(description.type);
  const std::size_t rows = std::min(tile_side, description.height - row);
  const std::size_t columns = std::min(tile_side, description.width - column);
  std::ranges::fill(tile, std::byte{0});
  for (std::size_t y = 0; y < rows; ++y) {
    const std::size_t start = ((row + y) * description.width + column) * bytes;
    std::ranges::copy(plane.subspan(start, columns * bytes), &tile[y * tile_side * bytes]);
  }
}

void set_layout_tags(TIFF* tiff, const OmeTiffDescription& description) {
  const bool is_float32 = description.type == PixelType::float32;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(description.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(description.height));
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(tile_side));
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(tile_side));
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * size_of(description.type)));
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, is_float32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  if (description.compress) {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    // The predictor for floats is unknown to several readers, the one for integers to none.
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, is_float32 ? PREDICTOR_NONE : PREDICTOR_HORIZONTAL);
  } else {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  }
}

} // namespace

OmeTiffWriter::OmeTiffWriter(std::filesystem::path final_path, OmeTiffDescription description)
    : description_{checked(std::move(description))}, file_{std::move(final_path)} {
  try {
    stream_ = std::make_unique<TiffStream>(file_.descriptor(), mode_for(description_));
  } catch (const std::runtime_error& error) {
    throw failed(file_.final_path(), error.what(), 0);
  }
}

OmeTiffWriter::~OmeTiffWriter() = default;

void OmeTiffWriter::write_plane(std::span<const std::uint16_t> pixels) {
  write_page(std::as_bytes(pixels), PixelType::uint16);
}

void OmeTiffWriter::write_plane(std::span<const float> pixels) {
  const auto bad = std::find_if_not(pixels.begin(), pixels.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad != pixels.end()) {
    const auto index = static_cast<std::size_t>(bad - pixels.begin());
    throw Error{ErrorCode::not_a_number, file_.final_path().string(),
                fmt::format("plane {} holds {} at row {}, column {}; finite numbers are allowed",
                            planes_written_, *bad, index / description_.width,
                            index % description_.width),
                "run again in single precision, on the CPU if need be"};
  }
  write_page(std::as_bytes(pixels), PixelType::float32);
}

void OmeTiffWriter::write_tags() {
  TIFF* tiff = stream_->handle();
  set_layout_tags(tiff, description_);
  const PixelSize pixel = description_.pixel_um.value_or(unknown_pixel_um);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, um_per_cm / pixel.x_um);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, um_per_cm / pixel.y_um);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
  TIFFSetField(tiff, TIFFTAG_SOFTWARE, fmt::format("lightmycells {}", version()).c_str());
  if (planes_written_ == 0) {
    TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, ome_xml(description_, fresh_uuid()).c_str());
  }
}

void OmeTiffWriter::write_page(std::span<const std::byte> pixels, PixelType type) {
  const std::size_t expected = description_.height * description_.width * size_of(type);
  if (type != description_.type || pixels.size() != expected ||
      planes_written_ == planes_of(description_)) {
    throw std::logic_error{"OmeTiffWriter: the plane is not one that the description announces"};
  }
  write_tags();
  std::vector<std::byte> tile(tile_bytes(description_));
  std::uint32_t index = 0;
  try {
    for_each_tile(description_, [&](std::size_t row, std::size_t column) {
      cut_tile(pixels, description_, row, column, tile);
      const auto size = static_cast<tmsize_t>(tile.size());
      stream_->require(TIFFWriteEncodedTile(stream_->handle(), index++, tile.data(), size) >= 0);
    });
    stream_->require(TIFFWriteDirectory(stream_->handle()) == 1);
  } catch (const std::runtime_error& error) {
    throw failed(file_.final_path(), error.what(), stream_->messages().system_error);
  }
  ++planes_written_;
}

void OmeTiffWriter::commit(Existing existing) {
  if (planes_written_ != planes_of(description_)) {
    throw std::logic_error{fmt::format("OmeTiffWriter: {} of {} planes were written",
                                       planes_written_, planes_of(description_))};
  }
  try {
    stream_->close();
  } catch (const std::runtime_error& error) {
    throw failed(file_.final_path(), error.what(), stream_->messages().system_error);
  }
  file_.commit(existing);
}

} // namespace lmc::image
