// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_reader.hpp"

#include "common/error.hpp"
#include "image/bit_unpack.hpp"
#include "image/file_kind.hpp"
#include "image/tiff_chunk_table.hpp"
#include "image/tiff_chunks.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>

namespace lmc::image {
namespace {

constexpr std::uint64_t max_side = std::uint64_t{1} << 31;
constexpr std::size_t max_samples = 64;

/// libtiff would read a size of 0 or of 2^32 only to fail with an obscure message.
void check_size(const std::filesystem::path& path, const PageEntry& page) {
  if (!page.width || !page.height) {
    throw Error(ErrorCode::input_corrupt, path.string(), "its first page has no width or no height",
                "copy or export the image again");
  }
  if (*page.width == 0 || *page.height == 0 || *page.width > max_side || *page.height > max_side) {
    throw Error(ErrorCode::input_corrupt, path.string(),
                fmt::format("it declares {} x {} pixels; sides from 1 to 2^31 are possible",
                            *page.width, *page.height),
                "copy or export the image again");
  }
}

PageList checked_pages(const std::filesystem::path& path, const ReadOptions& options) {
  PageList list = list_pages(path, std::max<std::size_t>(options.max_pages, 1));
  check_size(path, list.pages.front());
  return list;
}

/// Decoded bytes of one strip or tile and of the whole page; both fit 64 bits because sides are at
/// most 2^31 and samples of at most 8 bytes at most 64, unless libtiff's own overflow checks
/// have made a row 0 bytes, which the layout refuses.
void check_capacity(const TiffHandle& file, const TiffLayout& layout, std::uint64_t file_bytes) {
  if (!layout.codec.max_expansion) {
    return;
  }
  const double capacity =
      static_cast<double>(file_bytes) * static_cast<double>(*layout.codec.max_expansion);
  const double page = static_cast<double>(layout.height) * static_cast<double>(layout.width) *
                      static_cast<double>(layout.samples) * layout.bits / 8;
  const double chunk =
      static_cast<double>(layout.chunk_row_bytes) * static_cast<double>(layout.chunk_height);
  if (page > capacity || (layout.tiled && chunk > capacity)) {
    throw Error(
        ErrorCode::input_too_large, file.path().string(),
        fmt::format("its declared size of {} x {} pixels exceeds what a file of {} bytes ({}) "
                    "can hold",
                    layout.width, layout.height, file_bytes, layout.codec.name),
        "copy or export the image again");
  }
}

void check_limits(const TiffHandle& file, const TiffLayout& layout, const ReadOptions& options) {
  const std::uint64_t pixels = std::uint64_t{layout.width} * layout.height;
  const double chunk =
      static_cast<double>(layout.chunk_width) * static_cast<double>(layout.chunk_height);
  if (pixels > options.max_pixels || chunk > static_cast<double>(options.max_pixels)) {
    throw Error(ErrorCode::input_too_large, file.path().string(),
                fmt::format("its {} x {} pixels{} are more than the limit of {} pixels",
                            layout.width, layout.height,
                            layout.tiled ? fmt::format(" in tiles of {} x {}", layout.chunk_width,
                                                       layout.chunk_height)
                                         : "",
                            options.max_pixels),
                "crop the image or raise the limit with --max-pixels");
  }
  if (layout.samples > max_samples) {
    throw Error(ErrorCode::input_unsupported, file.path().string(),
                fmt::format("it has {} samples per pixel; at most {} are read", layout.samples,
                            max_samples),
                "export one channel as a grey image");
  }
}

/// What readers disagree about.
void check_tags(const TiffHandle& file, const TiffLayout& layout, const PageEntry& page) {
  if (page.predictor > 1 && !layout.codec.predicts) {
    throw Error(ErrorCode::input_unsupported, file.path().string(),
                fmt::format("it has predictor {} on {} data, which is not read", page.predictor,
                            layout.codec.name),
                "export it as an uncompressed 16-bit grey TIFF");
  }
  if (page.photometric == PHOTOMETRIC_PALETTE && layout.colour != Colour::palette) {
    throw Error(ErrorCode::input_corrupt, file.path().string(),
                "its pixels are indices into a palette that is missing",
                "copy or export the image again");
  }
  if (page.repeated_tag) {
    throw Error(ErrorCode::input_corrupt, file.path().string(),
                fmt::format("its directory has tag {} twice", *page.repeated_tag),
                "copy or export the image again");
  }
}

/// Rows must be as long as the decoder will take them for.
void check_row(const TiffHandle& file, const TiffLayout& layout) {
  const std::size_t values = layout.chunk_width * (layout.separate ? 1 : layout.samples);
  if (layout.chunk_row_bytes != packed_bytes(values, layout.bits)) {
    throw Error(ErrorCode::input_unsupported, file.path().string(),
                fmt::format("a row of {} values of {} bits takes {} bytes in it", values,
                            layout.bits, layout.chunk_row_bytes),
                "export it as an uncompressed 16-bit grey TIFF");
  }
}

} // namespace

TiffReader::TiffReader(const std::filesystem::path& path, const ReadOptions& options)
    : options_{options},
      file_bytes_{size_of_file(path)}, list_{checked_pages(path, options)}, file_{path} {}

void TiffReader::select(std::size_t page) {
  file_.select_page(list_.pages.at(page).offset);
}

TiffLayout TiffReader::layout(std::size_t page) {
  select(page);
  TiffLayout layout = read_layout(file_);
  check_capacity(file_, layout, file_bytes_);
  check_limits(file_, layout, options_);
  check_tags(file_, layout, list_.pages.at(page));
  check_row(file_, layout);
  check_chunk_table(file_.path(), list_.pages.at(page), layout);
  return layout;
}

std::optional<std::string> TiffReader::description(std::size_t page) {
  select(page);
  const char* text = nullptr;
  if (TIFFGetField(file_.get(), TIFFTAG_IMAGEDESCRIPTION, &text) == 0 || text == nullptr) {
    return std::nullopt;
  }
  return text;
}

RawPlane TiffReader::read_page(std::size_t page) {
  const TiffLayout page_layout = layout(page);
  return read_chunks(file_, page_layout, {0, page_layout.height});
}

RawPlane TiffReader::read_rows(std::size_t page, std::size_t first, std::size_t count) {
  const TiffLayout page_layout = layout(page);
  if (first > page_layout.height || count > page_layout.height - first) {
    throw std::out_of_range(
        fmt::format("rows {} to {} of {}", first, first + count, page_layout.height));
  }
  return read_chunks(file_, page_layout, {first, count});
}

} // namespace lmc::image
