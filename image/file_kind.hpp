// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lmc::image {

/// Formats that are read.
enum class FileFormat { tiff, meta_image, nrrd, png, nifti };

/// What a file is, judged by its first bytes; its name decides only where the format has no magic
/// number (MetaImage, compressed NIfTI).
struct FileKind {
  FileFormat format = FileFormat::tiff;
  std::uint64_t bytes = 0;
};

/// @throws Error input_missing (no such file, directory, no permission), input_empty,
///   input_not_an_image (naming what the file looks like)
[[nodiscard]] FileKind file_kind_of(const std::filesystem::path& path);

/// Size in bytes of a file that was there a moment ago.
/// @throws Error input_missing (it vanished, or cannot be reached)
[[nodiscard]] std::uint64_t size_of_file(const std::filesystem::path& path);

/// "a PNG image", "an HTML page", "a Git LFS pointer" ... for the first bytes of a file; "unknown
/// data".
[[nodiscard]] std::string looks_like(std::string_view head);

} // namespace lmc::image
