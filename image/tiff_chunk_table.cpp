// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_chunk_table.hpp"

#include "common/error.hpp"
#include "image/tiff_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lmc::image {
namespace {

// Eight bytes of header are in front of any data.
constexpr std::uint64_t first_data_byte = 8;

[[noreturn]] void corrupt(const std::filesystem::path& path, std::string cause) {
  throw Error(ErrorCode::input_corrupt, path.string(), std::move(cause),
              "copy or export the image again");
}

std::size_t parts_of(std::size_t whole, std::size_t part) {
  return (whole + part - 1) / part;
}

/// How the directory divides a page. libtiff's own layout may not be it: it chops a large
/// uncompressed strip into smaller ones.
struct Division {
  std::size_t chunk_height = 0;
  std::size_t down = 0;  ///< strips or tiles from top to bottom
  std::size_t count = 0; ///< of all
};

Division division_of(const PageEntry& page, const TiffLayout& layout) {
  Division division;
  division.chunk_height = layout.chunk_height;
  if (!layout.tiled) {
    const std::uint64_t rows = page.rows_per_strip == 0 ? layout.height : page.rows_per_strip;
    division.chunk_height = std::min<std::uint64_t>(rows, layout.height);
  }
  division.down = parts_of(layout.height, division.chunk_height);
  division.count = division.down * parts_of(layout.width, layout.chunk_width) *
                   (layout.separate ? layout.samples : 1);
  return division;
}

/// Bytes of a strip or tile when uncompressed: a last strip ends with the image, a tile does not.
std::size_t chunk_bytes(const TiffLayout& layout, const Division& division, std::size_t chunk) {
  const std::size_t row = chunk % division.down * division.chunk_height;
  const std::size_t rows =
      layout.tiled ? division.chunk_height : std::min(division.chunk_height, layout.height - row);
  return rows * layout.chunk_row_bytes;
}

/// The first `count` values. All that the tag promises must be inside the file: a count that is not
/// true makes readers disagree about what it lists.
std::vector<std::uint64_t> read_values(const std::filesystem::path& path, const TagValues& values,
                                       std::size_t count) {
  TiffBytes file{path};
  std::vector<unsigned char> raw(count * values.bytes);
  if (values.at < first_data_byte || !file.contains(values.at, values.count, values.bytes) ||
      !file.fill(values.at, raw)) {
    corrupt(path, "its table of strips or tiles is not inside the file");
  }
  std::vector<std::uint64_t> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    result[i] = file.decode(std::span{raw}.subspan(i * values.bytes, values.bytes));
  }
  return result;
}

} // namespace

void check_chunk_table(const std::filesystem::path& path, const PageEntry& page,
                       const TiffLayout& layout) {
  const std::string_view chunk = layout.tiled ? "tile" : "strip";
  if (page.strips.offsets.count > 0 && page.tiles.offsets.count > 0) {
    corrupt(path, "its directory lists both strips and tiles");
  }
  // Some writers give tiles in the tags of strips.
  const ChunkTable& table = page.tiles.offsets.count > 0 ? page.tiles : page.strips;
  const TagValues& sizes_tag = page.tiles.sizes.count > 0 ? page.tiles.sizes : page.strips.sizes;
  const Division division = division_of(page, layout);
  const std::size_t needed = division.count;
  if (table.offsets.count < needed || sizes_tag.count < needed) {
    corrupt(path, fmt::format("it lists the places of {} and the sizes of {} of its {} {}s",
                              table.offsets.count, sizes_tag.count, needed, chunk));
  }
  const auto offsets = read_values(path, table.offsets, needed);
  const auto sizes = read_values(path, sizes_tag, needed);
  for (std::size_t i = 0; i < needed; ++i) {
    if (offsets[i] < first_data_byte || sizes[i] == 0) {
      corrupt(path, fmt::format("{} {} is missing: it has {} bytes at {}", chunk, i, sizes[i],
                                offsets[i]));
    }
    const std::size_t bytes = chunk_bytes(layout, division, i);
    if (layout.codec.max_expansion == 1 && sizes[i] < bytes) {
      corrupt(path,
              fmt::format("{} {} is truncated: it has {} of {} bytes", chunk, i, sizes[i], bytes));
    }
  }
}

} // namespace lmc::image
