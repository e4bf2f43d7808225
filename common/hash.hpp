// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace lmc {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_of(std::span<const std::byte> bytes);

/// SHA-256 of a file's content. @throws std::system_error when it cannot be read
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

} // namespace lmc
