// SPDX-License-Identifier: Apache-2.0
#include "image/ome/xml.hpp"

#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
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

/// Stops at an element that is nested too deep.
struct DepthLimit : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& node) override {
    return node.type() != pugi::node_element || depth() < static_cast<int>(max_xml_depth);
  }
};

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

pugi::xml_document parsed_xml(std::string_view text) {
  if (text.size() > max_xml_bytes) {
    throw std::invalid_argument(
        fmt::format("it has {} bytes; at most {} are read", text.size(), max_xml_bytes));
  }
  if (is_utf16(text)) {
    throw std::invalid_argument("it is UTF-16; TIFF metadata must be UTF-8");
  }
  std::string guarded{without_mark(text)};
  if (!is_utf8(guarded)) {
    guarded = repaired(guarded);
    if (!is_utf8(guarded)) {
      throw std::invalid_argument("it is not valid UTF-8");
    }
  }
  const std::string lower = lower_case(guarded);
  if (lower.find("<!doctype") != std::string::npos || lower.find("<!entity") != std::string::npos) {
    throw std::invalid_argument("it has a DOCTYPE or entities, which are refused");
  }
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(
      guarded.data(), guarded.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    throw std::invalid_argument(
        fmt::format("it is malformed at byte {} ({})", result.offset, result.description()));
  }
  DepthLimit limit;
  if (!document.traverse(limit)) {
    throw std::invalid_argument(
        fmt::format("its elements are nested more than {} deep", max_xml_depth));
  }
  return document;
}

std::string xml_text(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> code = take_character(text);
    const bool control = code && *code < 0x20 && *code != '\t' && *code != '\n' && *code != '\r';
    if (code && !control && *code != 0xfffe && *code != 0xffff) {
      kept += before.substr(0, before.size() - text.size());
    }
  }
  return kept;
}

std::string_view local_name(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

} // namespace lmc::image
