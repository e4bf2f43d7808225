// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace lmc::app {

/// Options of the command line that stand for fields of a configuration
/// (common/records/fields.hpp), which so has its defaults, types and ranges in one place.
class FieldOptions {
public:
  /// @param defaults the complete record of a default-made struct
  FieldOptions(CLI::App& command, nlohmann::json defaults);

  /// Adds an option; --help ends in the field's default. A field that is true or false becomes a
  /// flag that makes it true.
  /// @param field its place in the record, a JSON pointer: "/compute/device"
  void add(const std::string& option, const std::string& field, const std::string& help);

  /// Puts what the command line gives over `record`'s values. What it gives is not checked yet:
  /// reading the record does.
  void apply(nlohmann::json& record) const;

private:
  CLI::App& command_;
  nlohmann::json defaults_;
  std::shared_ptr<nlohmann::json> given_; ///< pointer to value; filled while options are parsed
};

} // namespace lmc::app
