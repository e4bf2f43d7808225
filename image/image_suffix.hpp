// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace lmc::image {

/// The end of a file's name that says it is an image which may be read (".ome.tiff", ".png" ..., in
/// any case); nothing for other names.
[[nodiscard]] std::optional<std::string_view> image_suffix(std::string_view name);

/// The path without its image suffix, or else without its extension.
[[nodiscard]] std::filesystem::path without_image_suffix(const std::filesystem::path& path);

} // namespace lmc::image
