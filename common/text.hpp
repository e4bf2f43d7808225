// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lmc {

/// ASCII letters in lower case, whatever the locale.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Takes the character off the front of a UTF-8 text (RFC 3629: no overlong forms, no surrogates);
/// nothing, and one byte off, where there is none.
/// @param text not empty
[[nodiscard]] std::optional<char32_t> take_character(std::string_view& text);

/// Whether the whole `text` is valid UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// A text up to its first line break.
[[nodiscard]] std::string first_line(std::string_view text);

/// "1.5 GB", "320 kB": decimal units, for messages.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

/// Bytes in base64 (RFC 4648), padded.
[[nodiscard]] std::string base64_of(std::string_view bytes);

/// The number that a whole text is, finite and with a decimal point whatever the locale; nothing
/// for other text and for numbers beyond the type.
template <class Number = double>
[[nodiscard]] std::optional<Number> number_from(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) {
    return std::nullopt;
  }
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(value)) {
      return std::nullopt;
    }
  }
  return value;
}

} // namespace lmc
