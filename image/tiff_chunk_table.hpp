// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/tiff_layout.hpp"
#include "image/tiff_pages.hpp"

#include <filesystem>

namespace lmc::image {

/// Checks that the directory lists every strip or tile of a page with its place and size, and that
/// uncompressed ones are as long as they must be. libtiff 4.5 guesses all of these where they are
/// missing, and reads beyond the end of a strip that is too short.
/// @param path of the file that `page` and `layout` come from
/// @throws Error input_corrupt
void check_chunk_table(const std::filesystem::path& path, const PageEntry& page,
                       const TiffLayout& layout);

} // namespace lmc::image
