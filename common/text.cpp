// SPDX-License-Identifier: Apache-2.0
#include "common/text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace lmc {

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::size_t utf8_length(std::string_view text) {
  struct Form {
    unsigned char mask, lead;
    std::size_t bytes;
    std::uint32_t smallest;
  };
  static constexpr std::array<Form, 4> forms{{{0x80, 0x00, 1, 0x0},
                                              {0xe0, 0xc0, 2, 0x80},
                                              {0xf0, 0xe0, 3, 0x800},
                                              {0xf8, 0xf0, 4, 0x10000}}};
  if (text.empty()) {
    return 0;
  }
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto* const form = std::find_if(forms.begin(), forms.end(),
                                        [&](const Form& f) { return (lead & f.mask) == f.lead; });
  if (form == forms.end() || text.size() < form->bytes) {
    return 0;
  }
  std::uint32_t code = lead & static_cast<unsigned char>(~form->mask);
  for (const char c : text.substr(1, form->bytes - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) {
      return 0;
    }
    code = (code << 6) | (byte & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < form->smallest || code > 0x10ffff || surrogate ? 0 : form->bytes;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = utf8_length(text);
    if (bytes == 0) {
      return false;
    }
    text.remove_prefix(bytes);
  }
  return true;
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.3g} {}", value, units.at(unit));
}

std::string base64_of(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL ends it with a zero
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

} // namespace lmc
