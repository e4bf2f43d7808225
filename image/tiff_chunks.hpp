// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"
#include "image/tiff_handle.hpp"
#include "image/tiff_layout.hpp"

#include <cstddef>

namespace lmc::image {

/// Rows of an image.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// Decodes the strips or tiles of the page that `file` stands at and puts them together.
/// @param rows inside the image
/// @throws Error input_corrupt when a strip or tile is missing, short or damaged
[[nodiscard]] RawPlane read_chunks(TiffHandle& file, const TiffLayout& layout, RowRange rows);

} // namespace lmc::image
