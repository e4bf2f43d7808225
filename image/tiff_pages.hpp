// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::image {

/// What a page's directory says, read without libtiff.
struct PageEntry {
  std::uint64_t offset = 0; ///< of the directory in the file
  std::optional<std::uint64_t> width;
  std::optional<std::uint64_t> height;
  std::uint64_t rows_per_strip = 0; ///< 0 when the tag is missing
  std::uint64_t strip_sizes = 0;    ///< how many the page lists (StripByteCounts)
  std::uint64_t predictor = 1;
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
