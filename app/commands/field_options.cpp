// SPDX-License-Identifier: Apache-2.0
#include "app/commands/field_options.hpp"

#include "common/records/json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace lmc::app {

namespace {

using nlohmann::json;

/// A word of the command line as a JSON value; a text where it is none, which a number's field
/// refuses.
json value_of(const std::string& word, bool text) {
  if (text) {
    return word;
  }
  try {
    return parse_json(word);
  } catch (const std::invalid_argument&) {
    return word;
  }
}

} // namespace

FieldOptions::FieldOptions(CLI::App& command, json defaults)
    : command_{command},
      defaults_(std::move(defaults)), given_{std::make_shared<json>(json::object())} {}

void FieldOptions::add(const std::string& option, const std::string& field,
                       const std::string& help) {
  const json& value = defaults_.at(json::json_pointer{field});
  if (value.is_boolean()) {
    command_.add_flag_callback(
        option, [given = given_, field] { (*given)[field] = true; }, help);
    return;
  }
  const bool text = value.is_string();
  command_.add_option_function<std::string>(
      option,
      [given = given_, field, text](const std::string& word) {
        (*given)[field] = value_of(word, text);
      },
      fmt::format("{} (default: {})", help, text ? value.get<std::string>() : value.dump()));
}

void FieldOptions::apply(json& record) const {
  for (const auto& [field, value] : given_->items()) {
    record[json::json_pointer{field}] = value;
  }
}

} // namespace lmc::app
