// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/directory.hpp"

#include "common/error.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace lmc::image {
namespace {

// libtiff's own limit for a directory that it takes for one.
constexpr std::uint64_t max_entries = 4096;

std::size_t bytes_of_type(std::uint64_t type) {
  switch (type) {
  case TIFF_BYTE:
    return 1;
  case TIFF_SHORT:
    return 2;
  case TIFF_LONG:
    return 4;
  case TIFF_LONG8:
    return 8;
  default:
    return 0;
  }
}

} // namespace

TiffEntry TiffDirectory::entry(std::uint64_t tag) const {
  const auto found = std::ranges::find(entries, tag, &Tagged::tag);
  return found == entries.end() ? TiffEntry{} : found->entry;
}

TiffDirectories::TiffDirectories(OpenFile file) : file_{std::move(file)} {
  std::array<std::byte, 4> head{};
  file_.read(0, head);
  big_endian_ = head[0] == std::byte{'M'};
  big_tiff_ = head[2] == std::byte{43} || head[3] == std::byte{43};
}

std::uint64_t TiffDirectories::first() const {
  return integer(pointer_bytes(), pointer_bytes()).value_or(0);
}

std::optional<TiffDirectory> TiffDirectories::at(std::uint64_t offset) const {
  const std::size_t count_bytes = big_tiff_ ? 8 : 2;
  const std::size_t entry_bytes = big_tiff_ ? 20 : 12;
  const auto count = integer(offset, count_bytes);
  if (!count || *count == 0 || *count > max_entries) {
    return std::nullopt;
  }
  std::vector<std::byte> raw(*count * entry_bytes);
  if (!fill(offset + count_bytes, raw)) {
    return std::nullopt;
  }
  TiffDirectory directory;
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t i = 0; i < raw.size(); i += entry_bytes) {
    const auto entry = std::span{raw}.subspan(i, entry_bytes);
    const std::uint64_t tag = decode(entry.first(2));
    if (seen.insert(tag).second) {
      directory.entries.push_back({tag, parse_entry(offset + count_bytes + i, entry)});
    } else if (!directory.repeated_tag) {
      directory.repeated_tag = tag;
    }
  }
  // A file that ends before the pointer to the next page has no next page.
  directory.next = integer(offset + count_bytes + raw.size(), pointer_bytes()).value_or(0);
  return directory;
}

std::optional<std::vector<std::uint64_t>> TiffDirectories::values(const TiffEntry& entry,
                                                                  std::size_t count) const {
  if (entry.value_bytes == 0 || count > entry.count || entry.at < first_data_byte ||
      entry.at > file_.size() || entry.count > (file_.size() - entry.at) / entry.value_bytes) {
    return std::nullopt;
  }
  std::vector<std::byte> raw(count * entry.value_bytes);
  if (!fill(entry.at, raw)) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    result[i] = decode(std::span{raw}.subspan(i * entry.value_bytes, entry.value_bytes));
  }
  return result;
}

TiffEntry TiffDirectories::parse_entry(std::uint64_t at, std::span<const std::byte> raw) const {
  const std::size_t size = bytes_of_type(decode(raw.subspan(2, 2)));
  if (size == 0) {
    return {};
  }
  const std::size_t place = 4 + pointer_bytes();
  TiffEntry entry{.count = decode(raw.subspan(4, pointer_bytes())), .value_bytes = size};
  const bool inside = entry.count <= pointer_bytes() / size;
  entry.at = inside ? at + place : decode(raw.subspan(place, pointer_bytes()));
  if (size <= pointer_bytes()) {
    entry.inline_value = decode(raw.subspan(place, size));
  }
  return entry;
}

std::uint64_t TiffDirectories::decode(std::span<const std::byte> raw) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    value = value << 8 | std::to_integer<std::uint64_t>(raw[big_endian_ ? i : raw.size() - 1 - i]);
  }
  return value;
}

std::optional<std::uint64_t> TiffDirectories::integer(std::uint64_t offset,
                                                      std::size_t size) const {
  std::array<std::byte, 8> raw{};
  const auto part = std::span{raw}.first(size);
  return fill(offset, part) ? std::optional{decode(part)} : std::nullopt;
}

bool TiffDirectories::fill(std::uint64_t offset, std::span<std::byte> target) const {
  return offset <= file_.size() && target.size() <= file_.size() - offset &&
         file_.read(offset, target) == target.size();
}

PageList list_pages(const TiffDirectories& directories, std::size_t max_pages) {
  PageList list;
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t offset = directories.first();
  while (offset != 0 && list.pages.size() < max_pages) {
    if (!seen.insert(offset).second) {
      list.pages.resize(1);
      list.warnings.emplace_back("the list of pages loops; only the first page is used");
      return list;
    }
    const auto directory = directories.at(offset);
    if (!directory) {
      break;
    }
    constexpr std::uint64_t not_a_page = FILETYPE_REDUCEDIMAGE | FILETYPE_MASK;
    const std::uint64_t kind = directory->value(TIFFTAG_SUBFILETYPE).value_or(0);
    list.pages.push_back({offset, directory->value(TIFFTAG_IMAGEWIDTH),
                          directory->value(TIFFTAG_IMAGELENGTH), (kind & not_a_page) != 0});
    offset = directory->next;
  }
  if (list.pages.empty()) {
    throw Error(ErrorCode::input_corrupt, directories.file().path().string(),
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
