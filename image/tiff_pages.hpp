// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::image {

/// Where the values of a tag lie in the file.
struct TagValues {
  std::uint64_t count = 0;
  std::size_t bytes = 0; ///< per value
  std::uint64_t at = 0;
};

/// Where a page's strips or tiles lie, as its directory says.
struct ChunkTable {
  TagValues offsets;
  TagValues sizes;
};

/// What a page's directory says, read without libtiff.
struct PageEntry {
  std::uint64_t offset = 0; ///< of the directory in the file
  std::optional<std::uint64_t> width;
  std::optional<std::uint64_t> height;
  std::uint64_t rows_per_strip = 0; ///< 0 when the tag is missing
  ChunkTable strips;
  ChunkTable tiles;
  std::optional<std::uint64_t> repeated_tag; ///< readers disagree about which one counts
  std::uint64_t predictor = 1;
  std::optional<std::uint64_t> photometric;
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
[[nodiscard]] PageList list_pages(const std::filesystem::path& path, std::size_t max_pages);

} // namespace lmc::image
