// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace lmc::image {

/// Decodes a PNG file once, keeping nothing, so that damage is found before ITK reads it: ITK 5.2's
/// reader jumps into a function that has returned when libpng reports an error, and aborts.
/// @throws Error input_corrupt, input_missing
void check_png(const std::filesystem::path& path);

} // namespace lmc::image
