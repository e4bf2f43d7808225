// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace lmc {

class Error;

/// What a JSON text from outside may look like.
struct JsonLimits {
  std::size_t max_bytes = std::size_t{16} << 20;
  std::size_t max_depth = 32;
};

/// Parses untrusted JSON: duplicate keys, depth beyond the limit, invalid UTF-8 and trailing text
/// are errors. nlohmann_json's own DOM parser keeps the last of duplicate keys silently, and
/// dumping a 10^6-deep value overflows the stack.
/// @throws std::invalid_argument with a short cause; callers turn it into an Error that names the
/// file
[[nodiscard]] nlohmann::json parse_json(std::string_view text, const JsonLimits& limits = {});

/// Reads and parses a file. @throws std::invalid_argument, also when the file cannot be read or is
/// too large
[[nodiscard]] nlohmann::json read_json_file(const std::filesystem::path& path,
                                            const JsonLimits& limits = {});

/// Indented text ending in a newline; invalid UTF-8 is replaced by U+FFFD instead of throwing.
[[nodiscard]] std::string to_text(const nlohmann::json& value);

/// What went wrong: code ("E304"), file, cause, remedy, and the whole message.
[[nodiscard]] nlohmann::json to_json(const Error& error);

} // namespace lmc
