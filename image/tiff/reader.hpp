// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/open_file.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "image/tiff/directory.hpp"
#include "image/tiff/layout.hpp"
#include "image/tiff/stream.hpp"

#include <cstddef>
#include <memory>
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
  /// @throws Error input_corrupt: no whole directory, or a first page of size 0 or above 2^31
  TiffReader(OpenFile file, const ReadOptions& options);

  [[nodiscard]] const PageList& pages() const noexcept { return list_; }

  /// How a page is stored, checked; until another page is asked for.
  /// @throws Error input_unsupported, input_corrupt, input_too_large
  [[nodiscard]] const TiffLayout& layout(std::size_t page);

  /// The ImageDescription; nothing when the page has none. @throws Error input_corrupt
  [[nodiscard]] std::optional<std::string> description(std::size_t page);

  /// All samples of a page. @throws Error as `layout`
  [[nodiscard]] RawPlane read_page(std::size_t page);

private:
  void go_to(std::size_t page);

  ReadOptions options_;
  TiffDirectories directories_;
  PageList list_;
  std::unique_ptr<TiffStream> stream_;
  std::size_t page_ = 0;             ///< that libtiff stands at
  std::optional<TiffLayout> layout_; ///< of that page, once it was asked for
};

} // namespace lmc::image
