// SPDX-License-Identifier: Apache-2.0
#include "image/xml_guard.hpp"

#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace lmc::image {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"sv;

bool is_utf16(std::string_view text) {
  return text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv) ||
         text.starts_with("<\0"sv) || text.starts_with("\0<"sv);
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

/// Bytes B5 that belong to no UTF-8 sequence become U+00B5.
std::string repaired(std::string_view text) {
  std::string result;
  bool inside = false; // of a multi-byte sequence
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = byte >= 0x80 && byte < 0xc0;
    if (byte == 0xb5 && !inside) {
      result += "\xc2\xb5";
      continue;
    }
    inside = byte >= 0xc0 || (inside && continuation);
    result += c;
  }
  return result;
}

/// End of the construct that starts at `begin` with '<': one past its last character.
std::size_t end_of(std::string_view text, std::size_t begin, std::string_view terminator) {
  const std::size_t found = text.find(terminator, begin);
  return found == std::string_view::npos ? text.size() : found + terminator.size();
}

/// One past the '>' of a tag; '>' inside quotes does not count.
std::size_t end_of_tag(std::string_view text, std::size_t begin) {
  char quote = '\0';
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t deepest_nesting(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  std::size_t at = text.find('<');
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = end_of(text, at, "-->");
    } else if (rest.starts_with("<![CDATA[")) {
      at = end_of(text, at, "]]>");
    } else if (rest.starts_with("<?")) {
      at = end_of(text, at, "?>");
    } else {
      const std::size_t end = end_of_tag(text, at);
      if (rest.starts_with("</")) {
        depth -= depth > 0 ? 1 : 0;
      } else if (text.substr(0, end).substr(at).ends_with("/>")) {
        deepest = std::max(deepest, depth + 1);
      } else {
        deepest = std::max(deepest, ++depth);
      }
      at = end;
    }
    at = text.find('<', at);
  }
  return deepest;
}

} // namespace

bool is_xml(std::string_view text) {
  if (is_utf16(text)) {
    return true;
  }
  text = without_mark(text);
  const auto first = std::ranges::find_if_not(
      text, [](unsigned char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return first != text.end() && *first == '<';
}

std::string guarded_xml(std::string_view text) {
  if (text.size() > max_xml_bytes) {
    throw std::invalid_argument(
        fmt::format("it has {} bytes; at most {} are read", text.size(), max_xml_bytes));
  }
  if (is_utf16(text)) {
    throw std::invalid_argument("it is UTF-16; TIFF metadata must be UTF-8");
  }
  std::string result{without_mark(text)};
  if (!is_utf8(result)) {
    result = repaired(result);
    if (!is_utf8(result)) {
      throw std::invalid_argument("it is not valid UTF-8");
    }
  }
  const std::string lower = lower_case(result);
  if (lower.find("<!doctype") != std::string::npos || lower.find("<!entity") != std::string::npos) {
    throw std::invalid_argument("it has a DOCTYPE or entities, which are refused");
  }
  const std::size_t depth = deepest_nesting(result);
  if (depth > max_xml_depth) {
    throw std::invalid_argument(
        fmt::format("its elements are nested {} deep; at most {} are read", depth, max_xml_depth));
  }
  return result;
}

} // namespace lmc::image
