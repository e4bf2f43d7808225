// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lmc {

/// ASCII letters in lower case, whatever the locale.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Bytes of the character that `text` begins with; 0 when it begins with none of UTF-8's (RFC 3629:
/// no overlong forms, no surrogates).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

/// Whether `text` is valid UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// "1.5 GB", "320 kB": decimal units, for messages.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

/// Bytes in base64 (RFC 4648), padded.
[[nodiscard]] std::string base64_of(std::string_view bytes);

} // namespace lmc
