// SPDX-License-Identifier: Apache-2.0
#include "image/tiff_pages.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <span>
#include <unordered_set>

namespace lmc::image {
namespace {

constexpr std::uint16_t tag_new_subfile_type = 254;
constexpr std::uint16_t tag_image_width = 256;
constexpr std::uint16_t tag_image_length = 257;
constexpr std::uint16_t tag_rows_per_strip = 278;
constexpr std::uint16_t tag_strip_byte_counts = 279;
constexpr std::uint16_t tag_predictor = 317;
// libtiff's own limit for a directory that it takes for one.
constexpr std::uint64_t max_entries = 4096;

/// Reads integers of the file's byte order at any place; a place outside the file is nothing.
class TiffBytes {
public:
  explicit TiffBytes(const std::filesystem::path& path)
      : stream_{path, std::ios::binary}, bytes_{std::filesystem::file_size(path)} {
    std::array<char, 4> head{};
    stream_.read(head.data(), head.size());
    big_endian_ = head[0] == 'M';
    big_tiff_ = head[2] == 43 || head[3] == 43;
  }

  [[nodiscard]] bool big_tiff() const { return big_tiff_; }

  [[nodiscard]] std::optional<std::uint64_t> integer(std::uint64_t offset, std::size_t size) {
    std::array<unsigned char, 8> raw{};
    if (!fill(offset, std::span{raw}.first(size))) {
      return std::nullopt;
    }
    return decode(std::span{raw}.first(size));
  }

  [[nodiscard]] bool fill(std::uint64_t offset, std::span<unsigned char> target) {
    if (offset > bytes_ || target.size() > bytes_ - offset) {
      return false;
    }
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(reinterpret_cast<char*>(target.data()),
                 static_cast<std::streamsize>(target.size()));
    return stream_.gcount() == static_cast<std::streamsize>(target.size());
  }

  [[nodiscard]] std::uint64_t decode(std::span<const unsigned char> raw) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      value = value << 8 | raw[big_endian_ ? i : raw.size() - 1 - i];
    }
    return value;
  }

private:
  std::ifstream stream_;
  std::uint64_t bytes_;
  bool big_endian_ = false;
  bool big_tiff_ = false;
};

/// Value of a directory entry that holds one BYTE, SHORT, LONG or LONG8.
std::optional<std::uint64_t> single_value(const TiffBytes& file,
                                          std::span<const unsigned char> entry) {
  const std::uint64_t type = file.decode(entry.subspan(2, 2));
  const std::size_t size = type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : type == 16 ? 8 : 0;
  const std::size_t at = file.big_tiff() ? 12 : 8;
  if (size == 0 || at + size > entry.size()) {
    return std::nullopt;
  }
  return file.decode(entry.subspan(at, size));
}

void note_entry(const TiffBytes& file, std::span<const unsigned char> entry, PageEntry& page) {
  switch (file.decode(entry.first(2))) {
  case tag_image_width:
    page.width = single_value(file, entry);
    break;
  case tag_image_length:
    page.height = single_value(file, entry);
    break;
  case tag_rows_per_strip:
    page.rows_per_strip = single_value(file, entry).value_or(0);
    break;
  case tag_strip_byte_counts:
    page.strip_sizes = file.decode(entry.subspan(4, file.big_tiff() ? 8 : 4));
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
  for (std::size_t i = 0; i < *count; ++i) {
    note_entry(file, std::span{entries}.subspan(i * entry_size, entry_size), directory.page);
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
