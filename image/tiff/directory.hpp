// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/open_file.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lmc::image {

/// An entry of a directory whose values are BYTE, SHORT, LONG or LONG8; of other types as if it had
/// none.
struct TiffEntry {
  std::uint64_t count = 0;
  std::size_t value_bytes = 0; ///< of one value
  std::uint64_t at = 0;        ///< place of the values in the file
  std::optional<std::uint64_t> inline_value =
      {}; ///< the first value, if it can be in the entry itself
};

/// What a page's directory says, read without libtiff: libtiff 4.5 guesses what is missing and
/// keeps silent about what stands twice.
struct TiffDirectory {
  struct Tagged {
    std::uint64_t tag;
    TiffEntry entry;
  };
  std::vector<Tagged> entries;               ///< the first of each tag
  std::optional<std::uint64_t> repeated_tag; ///< readers disagree about which one counts
  std::uint64_t next = 0;                    ///< place of the next page's directory; 0: none

  /// An entry without values where the tag is missing.
  [[nodiscard]] TiffEntry entry(std::uint64_t tag) const;
  [[nodiscard]] std::optional<std::uint64_t> value(std::uint64_t tag) const {
    return entry(tag).inline_value;
  }
};

/// A TIFF or BigTIFF file's directories and tables in the file's byte order.
class TiffDirectories {
public:
  /// Eight bytes of header are in front of any data.
  static constexpr std::uint64_t first_data_byte = 8;

  explicit TiffDirectories(OpenFile file);

  [[nodiscard]] const OpenFile& file() const noexcept { return file_; }
  /// Place of the first directory; 0 when the file has none.
  [[nodiscard]] std::uint64_t first() const;
  /// Nothing when there is no whole directory at this place.
  [[nodiscard]] std::optional<TiffDirectory> at(std::uint64_t offset) const;
  /// The first `count` values of an entry; nothing unless all that it promises are inside the file:
  /// a count that is not true makes readers disagree about what it lists.
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> values(const TiffEntry& entry,
                                                                 std::size_t count) const;

private:
  [[nodiscard]] std::size_t pointer_bytes() const { return big_tiff_ ? 8 : 4; }
  [[nodiscard]] std::uint64_t decode(std::span<const std::byte> raw) const;
  [[nodiscard]] std::optional<std::uint64_t> integer(std::uint64_t offset, std::size_t size) const;
  [[nodiscard]] bool fill(std::uint64_t offset, std::span<std::byte> target) const;
  [[nodiscard]] TiffEntry parse_entry(std::uint64_t at, std::span<const std::byte> raw) const;

  OpenFile file_;
  bool big_endian_ = false;
  bool big_tiff_ = false;
};

/// A page in the list of pages.
struct PageEntry {
  std::uint64_t offset = 0; ///< of its directory in the file
  std::optional<std::uint64_t> width;
  std::optional<std::uint64_t> height;
  bool reduced = false; ///< NewSubfileType: a thumbnail, a pyramid level or a mask
};

/// The file's main chain of pages; SubIFDs (sub-resolutions) are not followed.
struct PageList {
  std::vector<PageEntry> pages;
  std::vector<std::string> warnings;
};

/// Walks the chain once, in time linear in its length (libtiff's own page search is quadratic).
/// A chain that loops or leaves the file is cut: a loop leaves the first page only, anything else
/// the pages before the break; each with a warning.
/// @throws Error input_corrupt when not even the first directory is inside the file
[[nodiscard]] PageList list_pages(const TiffDirectories& directories, std::size_t max_pages);

} // namespace lmc::image
