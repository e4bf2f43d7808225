// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lmc {

/// The one list of an enum's values and their names, for files, options and messages alike.
/// Made by `name_table<Colour>({{Colour::red, "red"}, {Colour::blue, "blue"}})`.
template <class Value, std::size_t count> struct NameTable {
  std::array<std::pair<Value, std::string_view>, count> rows;

  /// "unknown" for a value that is not in the table.
  [[nodiscard]] constexpr std::string_view name(const Value& value) const {
    for (const auto& [candidate, text] : rows) {
      if (candidate == value) {
        return text;
      }
    }
    return "unknown";
  }

  [[nodiscard]] constexpr std::optional<Value> value(std::string_view name) const {
    for (const auto& [candidate, text] : rows) {
      if (text == name) {
        return candidate;
      }
    }
    return std::nullopt;
  }

  /// "red, blue", for messages and help.
  [[nodiscard]] std::string names() const {
    std::string list;
    for (const auto& [candidate, text] : rows) {
      list.append(list.empty() ? "" : ", ").append(text);
    }
    return list;
  }
};

template <class Value, std::size_t count>
[[nodiscard]] constexpr NameTable<Value, count>
name_table(const std::pair<Value, std::string_view> (&rows)[count]) {
  return {std::to_array(rows)};
}

/// As in the challenge's metadata and files.
inline constexpr auto modality_names = name_table<Modality>(
    {{Modality::bright_field, "BF"}, {Modality::phase_contrast, "PC"}, {Modality::dic, "DIC"}});

inline constexpr auto organelle_names =
    name_table<Organelle>({{Organelle::mitochondria, "mitochondria"},
                           {Organelle::nucleus, "nucleus"},
                           {Organelle::tubulin, "tubulin"},
                           {Organelle::actin, "actin"}});

} // namespace lmc
