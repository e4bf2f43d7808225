// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/reader.hpp"

#include "common/error.hpp"
#include "image/pixel_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lmc::image {
namespace {

constexpr std::uint64_t max_side = std::uint64_t{1} << 31;

Error corrupt(const OpenFile& file, std::string cause) {
  return Error{ErrorCode::input_corrupt, file.path().string(), std::move(cause),
               "copy or export the image again"};
}

PageList checked_pages(const TiffDirectories& directories, const ReadOptions& options) {
  PageList list = list_pages(directories, std::max<std::size_t>(options.max_pages, 1));
  const PageEntry& page = list.pages.front();
  // libtiff would read a size of 0 or of 2^32 only to fail with an obscure message.
  if (!page.width || !page.height) {
    throw corrupt(directories.file(), "its first page has no width or no height");
  }
  if (*page.width == 0 || *page.height == 0 || *page.width > max_side || *page.height > max_side) {
    throw corrupt(directories.file(),
                  fmt::format("it declares {} x {} pixels; sides from 1 to 2^31 are possible",
                              *page.width, *page.height));
  }
  return list;
}

std::unique_ptr<TiffStream> opened(const OpenFile& file) {
  // Directories and raw strips never need more than a few times the file.
  constexpr std::uint64_t base = std::uint64_t{64} << 20;
  try {
    return std::make_unique<TiffStream>(file.descriptor(), "r", base + 4 * file.size());
  } catch (const std::runtime_error& failure) {
    throw corrupt(file, fmt::format("its first page cannot be read ({})", failure.what()));
  }
}

/// One strip or tile in the image.
struct Chunk {
  std::uint32_t index = 0; ///< libtiff's number of the strip or tile
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t rows = 0;   ///< that are stored: a last strip has fewer, a tile never
  std::size_t sample = 0; ///< of separate samples
};

/// Decodes the strips or tiles of the page that a stream stands at and puts them together.
class ChunkReader {
public:
  ChunkReader(const OpenFile& file, TiffStream& stream, const TiffLayout& layout)
      : file_{file}, stream_{stream}, layout_{layout}, chunk_samples_{layout.separate
                                                                          ? 1
                                                                          : layout.samples},
        value_bytes_{size_of(layout.type)}, decoded_{std::make_unique_for_overwrite<std::byte[]>(
                                                layout.chunk_row_bytes * layout.chunk_height)},
        line_(layout.chunk_width * chunk_samples_ * value_bytes_) {
    plane_.height = static_cast<Index>(layout.height);
    plane_.width = static_cast<Index>(layout.width);
    plane_.samples = static_cast<Index>(layout.samples);
    plane_.type = layout.type;
    plane_.bits = layout.bits;
    plane_.bytes.reserve(layout.height * row_bytes());
  }

  RawPlane read() {
    for (std::size_t sample = 0; sample < (layout_.separate ? layout_.samples : 1); ++sample) {
      for (std::size_t row = 0; row < layout_.height; row += layout_.chunk_height) {
        for (std::size_t column = 0; column < layout_.width; column += layout_.chunk_width) {
          const Chunk chunk = chunk_at(row, column, sample);
          decode(chunk);
          place(chunk);
        }
      }
    }
    return std::move(plane_);
  }

private:
  [[nodiscard]] std::size_t row_bytes() const {
    return layout_.width * layout_.samples * value_bytes_;
  }

  [[nodiscard]] Chunk chunk_at(std::size_t row, std::size_t column, std::size_t sample) const {
    const auto x = static_cast<std::uint32_t>(column);
    const auto y = static_cast<std::uint32_t>(row);
    const auto s = static_cast<std::uint16_t>(sample);
    if (layout_.tiled) {
      return {TIFFComputeTile(stream_.handle(), x, y, 0, s), row, column, layout_.chunk_height,
              sample};
    }
    const std::size_t rows = std::min(layout_.chunk_height, layout_.height - row);
    return {TIFFComputeStrip(stream_.handle(), y, s), row, column, rows, sample};
  }

  /// Decodes a chunk; with codecs that hide short data a second time over other bytes: what then
  /// differs was not decoded. Decoders write from front to back, so the last row tells.
  void decode(const Chunk& chunk) {
    if (!layout_.codec.hides_short_data) {
      decode_once(chunk);
      return;
    }
    if (last_row_over(chunk, std::byte{0x00}) != last_row_over(chunk, std::byte{0xff})) {
      reject(chunk, "its data end early");
    }
  }

  /// Decodes a chunk over bytes of this value; its last row. Values, because the decoders leave the
  /// bits behind a row as they are.
  std::vector<std::byte> last_row_over(const Chunk& chunk, std::byte value) {
    const std::span row{decoded_.get() + (chunk.rows - 1) * layout_.chunk_row_bytes,
                        layout_.chunk_row_bytes};
    std::ranges::fill(row, value);
    decode_once(chunk);
    unpack(row, layout_.bits, layout_.type, line_);
    return line_;
  }

  void decode_once(const Chunk& chunk) {
    const auto expected = static_cast<tmsize_t>(chunk.rows * layout_.chunk_row_bytes);
    const auto read_chunk = layout_.tiled ? TIFFReadEncodedTile : TIFFReadEncodedStrip;
    stream_.messages() = {};
    const tmsize_t got = read_chunk(stream_.handle(), chunk.index, decoded_.get(), expected);
    // Fax and JPEG decoders report damage and go on with invented pixels.
    const TiffMessages& messages = stream_.messages();
    const bool invented = !messages.error.empty() ||
                          (layout_.codec.invents_after_warning && !messages.warning.empty());
    if (got != expected || invented) {
      reject(chunk, messages.text());
    }
  }

  [[noreturn]] void reject(const Chunk& chunk, const std::string& reason) const {
    throw corrupt(file_, fmt::format("{} {} (rows {} to {}) is missing, truncated or damaged{}",
                                     layout_.tiled ? "tile" : "strip", chunk.index, chunk.row,
                                     std::min(chunk.row + chunk.rows, layout_.height) - 1,
                                     reason.empty() ? "" : fmt::format(" ({})", reason)));
  }

  void place(const Chunk& chunk) {
    const std::size_t end = std::min(chunk.row + chunk.rows, layout_.height);
    if (plane_.bytes.size() < end * row_bytes()) {
      plane_.bytes.resize(end * row_bytes());
    }
    for (std::size_t row = chunk.row; row < end; ++row) {
      place_row(chunk, row);
    }
  }

  void place_row(const Chunk& chunk, std::size_t row) {
    const std::size_t columns = std::min(layout_.chunk_width, layout_.width - chunk.column);
    const std::span line{line_.data(), columns * chunk_samples_ * value_bytes_};
    unpack({decoded_.get() + (row - chunk.row) * layout_.chunk_row_bytes, layout_.chunk_row_bytes},
           layout_.bits, layout_.type, line);
    const std::size_t pixel_bytes = layout_.samples * value_bytes_;
    std::byte* target = plane_.bytes.data() + row * row_bytes() + chunk.column * pixel_bytes;
    if (!layout_.separate) {
      std::ranges::copy(line, target);
      return;
    }
    target += chunk.sample * value_bytes_;
    for (std::size_t column = 0; column < columns; ++column) {
      std::memcpy(target + column * pixel_bytes, line.data() + column * value_bytes_, value_bytes_);
    }
  }

  const OpenFile& file_;
  TiffStream& stream_;
  const TiffLayout& layout_;
  std::size_t chunk_samples_;
  std::size_t value_bytes_;
  std::unique_ptr<std::byte[]> decoded_; ///< not touched before it is decoded into
  std::vector<std::byte> line_;
  RawPlane plane_;
};

} // namespace

TiffReader::TiffReader(OpenFile file, const ReadOptions& options)
    : options_{options}, directories_{std::move(file)}, list_{checked_pages(directories_, options)},
      stream_{opened(directories_.file())} {}

void TiffReader::go_to(std::size_t page) {
  const std::uint64_t offset = list_.pages.at(page).offset;
  stream_->messages() = {};
  if (page == page_ && TIFFCurrentDirOffset(stream_->handle()) == offset) {
    return;
  }
  layout_.reset();
  if (TIFFSetSubDirectory(stream_->handle(), offset) == 0) {
    throw corrupt(directories_.file(), fmt::format("the page at byte {} cannot be read ({})",
                                                   offset, stream_->messages().text()));
  }
  page_ = page;
}

const TiffLayout& TiffReader::layout(std::size_t page) {
  go_to(page);
  if (!layout_) {
    TiffLayout layout = read_layout(stream_->handle(), directories_.file().path());
    check_page(directories_, list_.pages.at(page), layout, options_);
    layout_ = std::move(layout);
  }
  return *layout_;
}

std::optional<std::string> TiffReader::description(std::size_t page) {
  go_to(page);
  const char* text = nullptr;
  if (TIFFGetField(stream_->handle(), TIFFTAG_IMAGEDESCRIPTION, &text) == 0 || text == nullptr) {
    return std::nullopt;
  }
  return text;
}

RawPlane TiffReader::read_page(std::size_t page) {
  const TiffLayout& page_layout = layout(page);
  return ChunkReader{directories_.file(), *stream_, page_layout}.read();
}

} // namespace lmc::image
