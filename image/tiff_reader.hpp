// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "image/tiff_handle.hpp"
#include "image/tiff_layout.hpp"
#include "image/tiff_pages.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lmc::image {

/// Pages of a TIFF or BigTIFF file as the values that are in it, one strip or tile at a time.
///
/// Read: unsigned integers of 1 to 16, 32 and 64 bits; signed ones of 8, 16, 32 and 64; floats of
/// 16, 32 and 64; strips and tiles; interleaved and separate samples; both byte orders; predictors
/// 2 and 3; LZW, deflate, zstd, LZMA, PackBits, CCITT fax, JPEG. Anything else is rejected by name.
/// Missing or short strips and tiles are an error: nothing is ever filled in. Memory follows the
/// data: a plane grows as its rows are decoded, and a declared size that the file cannot hold is
/// rejected before.
class TiffReader {
public:
  /// @throws Error as `list_pages` and `TiffHandle`; input_corrupt for sizes of 0 or above 2^31
  TiffReader(const std::filesystem::path& path, const ReadOptions& options);

  [[nodiscard]] const PageList& pages() const noexcept { return list_; }

  /// @throws Error input_unsupported, input_corrupt, input_too_large
  [[nodiscard]] TiffLayout layout(std::size_t page);

  /// The ImageDescription; nothing when the page has none.
  [[nodiscard]] std::optional<std::string> description(std::size_t page);

  /// All samples of a page.
  [[nodiscard]] RawPlane read_page(std::size_t page);

  /// All samples of rows `first` to `first + count - 1`. @throws Error as `layout`
  [[nodiscard]] RawPlane read_rows(std::size_t page, std::size_t first, std::size_t count);

private:
  void select(std::size_t page);

  ReadOptions options_;
  std::uint64_t file_bytes_;
  PageList list_;
  TiffHandle file_;
};

} // namespace lmc::image
