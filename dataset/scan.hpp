// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <vector>

namespace lmc::dataset {

/// Whether a file counts as an image by its name: an image suffix, and no dot in front.
[[nodiscard]] bool is_image_name(const std::filesystem::path& file);

/// Whether both are the same existing folder, through whatever links.
[[nodiscard]] bool is_same_folder(const std::filesystem::path& a, const std::filesystem::path& b);

/// The images of a folder and its subfolders by `is_image_name`, sorted, as paths below the folder.
/// Links to files keep their own names, wherever they point; links to folders are not followed.
/// @param left_out folders that are not searched, such as that of the outputs
/// @throws Error input_missing for a folder that is none or cannot be reached
[[nodiscard]] std::vector<std::filesystem::path>
images_below(const std::filesystem::path& folder,
             std::span<const std::filesystem::path> left_out = {});

} // namespace lmc::dataset
