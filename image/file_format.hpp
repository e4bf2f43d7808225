// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/open_file.hpp"

#include <string_view>

namespace lmc::image {

/// Formats that are read.
enum class FileFormat { tiff, meta_image, nrrd, png, nifti };

/// "TIFF", "MetaImage" ...
[[nodiscard]] std::string_view name_of(FileFormat format);

/// What a file is, judged by its first bytes; its name decides only where the format has no magic
/// number (MetaImage, compressed NIfTI).
/// @throws Error input_empty, input_not_an_image (naming what the file looks like)
[[nodiscard]] FileFormat format_of(const OpenFile& file);

} // namespace lmc::image
