// SPDX-License-Identifier: Apache-2.0
// What can go wrong with an output, in one wording each.
#pragma once

#include "common/error.hpp"
#include "common/files/temporary_file.hpp"

#include <cstddef>
#include <filesystem>
#include <span>

namespace lmc {

/// Makes a folder and those above it. @throws Error output_unwritable
void make_output_folder(const std::filesystem::path& folder);

/// Finds out before the work whether an output may be written.
/// @throws Error output_exists when something has its name, with Existing::refuse
void check_output(const std::filesystem::path& path, Existing existing);

/// Writes all bytes to a descriptor. @throws Error output_failed, naming `path`
void write_all(int descriptor, std::span<const std::byte> bytes, const std::filesystem::path& path);

/// Error output_exists.
[[nodiscard]] Error output_exists(const std::filesystem::path& path);

/// Error output_failed. @param error errno
[[nodiscard]] Error output_failed(const std::filesystem::path& path, int error);

} // namespace lmc
