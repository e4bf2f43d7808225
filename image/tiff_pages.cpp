// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_pages.hpp"

#include "common/error.hpp"
#include "image/tiff_bytes.hpp"

#include <fmt/format.h>

#include <set>
#include <span>
#include <unordered_set>

namespace lmc::image {
namespace {

constexpr std::uint16_t tag_new_subfile_type = 254;
constexpr std::uint16_t tag_image_width = 256;
constexpr std::uint16_t tag_image_length = 257;
constexpr std::uint16_t tag_photometric = 262;
constexpr std::uint16_t tag_strip_offsets = 273;
constexpr std::uint16_t tag_rows_per_strip = 278;
constexpr std::uint16_t tag_strip_byte_counts = 279;
constexpr std::uint16_t tag_predictor = 317;
constexpr std::uint16_t tag_tile_offsets = 324;
constexpr std::uint16_t tag_tile_byte_counts = 325;
// libtiff's own limit for a directory that it takes for one.
constexpr std::uint64_t max_entries = 4096;

/// One entry of a directory.
struct Entry {
  std::uint64_t at = 0; ///< in the file
  std::span<const unsigned char> bytes;
};

/// Bytes of one value of a BYTE, SHORT, LONG or LONG8; 0 for other types.
std::size_t bytes_of_type(std::uint64_t type) {
  return type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : type == 16 ? 8 : 0;
}

/// Value of a directory entry that holds one BYTE, SHORT, LONG or LONG8.
std::optional<std::uint64_t> single_value(const TiffBytes& file, const Entry& entry) {
  const std::size_t size = bytes_of_type(file.decode(entry.bytes.subspan(2, 2)));
  const std::size_t at = file.big_tiff() ? 12 : 8;
  if (size == 0 || at + size > entry.bytes.size()) {
    return std::nullopt;
  }
  return file.decode(entry.bytes.subspan(at, size));
}

/// Where an entry's values lie; nothing when they are not SHORT, LONG or LONG8.
TagValues values_of(const TiffBytes& file, const Entry& entry) {
  const std::size_t pointer = file.big_tiff() ? 8 : 4;
  const std::size_t size = bytes_of_type(file.decode(entry.bytes.subspan(2, 2)));
  const std::uint64_t count = file.decode(entry.bytes.subspan(4, pointer));
  if (size < 2) {
    return {};
  }
  const std::uint64_t place = entry.at + 4 + pointer;
  const bool inside = count <= pointer / size;
  return {count, size, inside ? place : file.decode(entry.bytes.subspan(4 + pointer, pointer))};
}

void note_entry(const TiffBytes& file, const Entry& entry, PageEntry& page) {
  switch (file.decode(entry.bytes.first(2))) {
  case tag_image_width:
    page.width = single_value(file, entry);
    break;
  case tag_image_length:
    page.height = single_value(file, entry);
    break;
  case tag_rows_per_strip:
    page.rows_per_strip = single_value(file, entry).value_or(0);
    break;
  case tag_photometric:
    page.photometric = single_value(file, entry);
    break;
  case tag_strip_offsets:
    page.strips.offsets = values_of(file, entry);
    break;
  case tag_strip_byte_counts:
    page.strips.sizes = values_of(file, entry);
    break;
  case tag_tile_offsets:
    page.tiles.offsets = values_of(file, entry);
    break;
  case tag_tile_byte_counts:
    page.tiles.sizes = values_of(file, entry);
    break;
  case tag_predictor:
    page.predictor = single_value(file, entry).value_or(1);
    break;
  case tag_new_subfile_type:
    // Bit 0: reduced resolution; bit 2: transparency mask.
    page.reduced = (single_value(file, entry).value_or(0) & 5U) != 0;
    break;
  default:
    break;
  }
}

struct Directory {
  PageEntry page;
  std::uint64_t next = 0;
};

/// Nothing when the directory is not inside the file.
std::optional<Directory> read_directory(TiffBytes& file, std::uint64_t offset) {
  const std::size_t count_size = file.big_tiff() ? 8 : 2;
  const std::size_t entry_size = file.big_tiff() ? 20 : 12;
  const auto count = file.integer(offset, count_size);
  if (!count || *count == 0 || *count > max_entries) {
    return std::nullopt;
  }
  std::vector<unsigned char> entries(*count * entry_size);
  if (!file.fill(offset + count_size, entries)) {
    return std::nullopt;
  }
  Directory directory;
  directory.page.offset = offset;
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < *count; ++i) {
    const Entry entry{offset + count_size + i * entry_size,
                      std::span{entries}.subspan(i * entry_size, entry_size)};
    const std::uint64_t tag = file.decode(entry.bytes.first(2));
    if (seen.insert(tag).second) {
      note_entry(file, entry, directory.page);
    } else if (!directory.page.repeated_tag) {
      directory.page.repeated_tag = tag;
    }
  }
  // A file that ends before the pointer to the next page has no next page.
  directory.next =
      file.integer(offset + count_size + entries.size(), file.big_tiff() ? 8 : 4).value_or(0);
  return directory;
}

} // namespace

PageList list_pages(const std::filesystem::path& path, std::size_t max_pages) {
  TiffBytes file{path};
  PageList list;
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t offset = (file.big_tiff() ? file.integer(8, 8) : file.integer(4, 4)).value_or(0);
  while (offset != 0 && list.pages.size() < max_pages) {
    if (!seen.insert(offset).second) {
      list.pages.resize(1);
      list.warnings.emplace_back("the list of pages loops; only the first page is used");
      return list;
    }
    const auto directory = read_directory(file, offset);
    if (!directory) {
      break;
    }
    list.pages.push_back(directory->page);
    offset = directory->next;
  }
  if (list.pages.empty()) {
    throw Error(ErrorCode::input_corrupt, path.string(),
                fmt::format("its first page directory (at byte {}) is not inside the file", offset),
                "copy or export the image again");
  }
  if (offset != 0) {
    list.warnings.push_back(
        list.pages.size() == max_pages
            ? fmt::format("only the first {} pages are used", max_pages)
            : fmt::format("the list of pages breaks after page {}", list.pages.size()));
  }
  return list;
}

} // namespace lmc::image
