// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_chunks.hpp"

#include "common/error.hpp"
#include "image/bit_unpack.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lmc::image {
namespace {

/// One strip or tile in the image.
struct Chunk {
  std::uint32_t index = 0; ///< libtiff's number of the strip or tile
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t rows = 0;   ///< that are stored: a last strip has fewer, a tile never
  std::size_t sample = 0; ///< of separate samples
};

class ChunkReader {
public:
  ChunkReader(TiffHandle& file, const TiffLayout& layout, RowRange rows)
      : file_{file}, layout_{layout}, rows_{rows}, chunk_samples_{layout.separate ? 1
                                                                                  : layout.samples},
        value_bytes_{size_of(layout.type)}, decoded_{std::make_unique_for_overwrite<std::byte[]>(
                                                layout.chunk_row_bytes * layout.chunk_height)},
        line_(layout.chunk_width * chunk_samples_ * value_bytes_) {
    plane_ = {rows.count, layout.width, layout.samples, layout.type, layout.bits, {}};
    plane_.bytes.reserve(rows.count * row_bytes());
  }

  RawPlane read() {
    const std::size_t first = rows_.first - rows_.first % layout_.chunk_height;
    for (std::size_t sample = 0; sample < (layout_.separate ? layout_.samples : 1); ++sample) {
      for (std::size_t row = first; row < rows_.first + rows_.count; row += layout_.chunk_height) {
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
      return {TIFFComputeTile(file_.get(), x, y, 0, s), row, column, layout_.chunk_height, sample};
    }
    const std::size_t rows = std::min(layout_.chunk_height, layout_.height - row);
    return {TIFFComputeStrip(file_.get(), y, s), row, column, rows, sample};
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
    file_.clear_messages();
    const tmsize_t got =
        layout_.tiled ? TIFFReadEncodedTile(file_.get(), chunk.index, decoded_.get(), expected)
                      : TIFFReadEncodedStrip(file_.get(), chunk.index, decoded_.get(), expected);
    // Fax and JPEG decoders report damage and go on with invented pixels.
    const bool invented =
        file_.has_error() || (layout_.codec.invents_after_warning && file_.has_warning());
    if (got != expected || invented) {
      reject(chunk, file_.message());
    }
  }

  [[noreturn]] void reject(const Chunk& chunk, const std::string& reason) const {
    throw Error(ErrorCode::input_corrupt, file_.path().string(),
                fmt::format("{} {} (rows {} to {}) is missing, truncated or damaged{}",
                            layout_.tiled ? "tile" : "strip", chunk.index, chunk.row,
                            std::min(chunk.row + chunk.rows, layout_.height) - 1,
                            reason.empty() ? "" : fmt::format(" ({})", reason)),
                "copy or export the image again");
  }

  void place(const Chunk& chunk) {
    const std::size_t begin = std::max(chunk.row, rows_.first);
    const std::size_t end =
        std::min({chunk.row + chunk.rows, rows_.first + rows_.count, layout_.height});
    const std::size_t filled = (end - rows_.first) * row_bytes();
    if (plane_.bytes.size() < filled) {
      plane_.bytes.resize(filled);
    }
    for (std::size_t row = begin; row < end; ++row) {
      place_row(chunk, row);
    }
  }

  void place_row(const Chunk& chunk, std::size_t row) {
    const std::size_t columns = std::min(layout_.chunk_width, layout_.width - chunk.column);
    const std::span line{line_.data(), columns * chunk_samples_ * value_bytes_};
    unpack({decoded_.get() + (row - chunk.row) * layout_.chunk_row_bytes, layout_.chunk_row_bytes},
           layout_.bits, layout_.type, line);
    std::byte* target = plane_.bytes.data() + (row - rows_.first) * row_bytes() +
                        chunk.column * layout_.samples * value_bytes_;
    if (!layout_.separate) {
      std::ranges::copy(line, target);
      return;
    }
    target += chunk.sample * value_bytes_;
    for (std::size_t column = 0; column < columns; ++column) {
      std::memcpy(target + column * layout_.samples * value_bytes_,
                  line.data() + column * value_bytes_, value_bytes_);
    }
  }

  TiffHandle& file_;
  const TiffLayout& layout_;
  RowRange rows_;
  std::size_t chunk_samples_;
  std::size_t value_bytes_;
  std::unique_ptr<std::byte[]> decoded_; ///< not touched before it is decoded into
  std::vector<std::byte> line_;
  RawPlane plane_;
};

} // namespace

RawPlane read_chunks(TiffHandle& file, const TiffLayout& layout, RowRange rows) {
  return ChunkReader{file, layout, rows}.read();
}

} // namespace lmc::image
