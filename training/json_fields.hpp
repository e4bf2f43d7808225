// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lmc::training {

/// An enumerator and its name in configuration files.
template <typename Enum> using Choice = std::pair<Enum, std::string_view>;

/// Takes the fields of a JSON object into a struct. Missing keys keep the struct's values; unknown
/// keys, wrong types and unknown names are errors. `FieldWriter` has the same members, so that one
/// function describes both ways.
class FieldReader {
public:
  /// @param place of the object in the file, for messages: "data.sources[0]"
  FieldReader(const nlohmann::json& object, std::string file, std::string place)
      : object_{object}, file_{std::move(file)}, place_{std::move(place)} {
    if (!object_.is_object()) {
      fail("is not an object", "write { ... }");
    }
  }

  template <typename Value> void field(const std::string& key, Value& value) {
    const nlohmann::json* const found = take(key);
    if (found == nullptr) {
      return;
    }
    if constexpr (std::is_same_v<Value, bool>) {
      require(found->is_boolean(), key, *found, "true or false");
    } else if constexpr (std::is_same_v<Value, std::string>) {
      require(found->is_string(), key, *found, "a text");
    } else if constexpr (std::is_floating_point_v<Value>) {
      require(found->is_number(), key, *found, "a number");
    } else {
      require(found->is_number_unsigned() ||
                  (found->is_number_integer() && std::is_signed_v<Value>),
              key, *found, std::is_signed_v<Value> ? "an integer" : "an integer from 0");
      require(fits<Value>(*found), key, *found, "a smaller number");
    }
    value = found->get<Value>();
  }

  template <typename Enum, typename Choices>
  void choice(const std::string& key, Enum& value, const Choices& choices) {
    const nlohmann::json* const found = take(key);
    if (found == nullptr) {
      return;
    }
    std::string names;
    for (const auto& [enumerator, name] : choices) {
      if (*found == name) {
        value = enumerator;
        return;
      }
      names += (names.empty() ? "" : ", ") + std::string{name};
    }
    require(false, key, *found, "one of " + names);
  }

  /// Describes a nested object by `visit(fields, value)`.
  template <typename Value, typename Visit>
  void group(const std::string& key, Value& value, Visit visit) {
    if (const nlohmann::json* const found = take(key)) {
      FieldReader inner{*found, file_, path(key)};
      visit(inner, value);
      inner.finish();
    }
  }

  template <typename Values, typename Visit>
  void list(const std::string& key, Values& values, Visit visit) {
    const nlohmann::json* const found = take(key);
    if (found == nullptr) {
      return;
    }
    require(found->is_array(), key, *found, "a list");
    values.clear();
    for (const auto& element : *found) {
      FieldReader inner{element, file_, fmt::format("{}[{}]", path(key), values.size())};
      visit(inner, values.emplace_back());
      inner.finish();
    }
  }

  /// The raw value, nothing when the key is missing.
  [[nodiscard]] const nlohmann::json* take(const std::string& key) {
    taken_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  /// @throws Error configuration when a key was not asked for
  void finish() const {
    for (const auto& [key, value] : object_.items()) {
      if (!taken_.contains(key)) {
        std::string known;
        for (const std::string& name : taken_) {
          known += (known.empty() ? "" : ", ") + name;
        }
        fail(fmt::format("unknown key \"{}\"", printable(path(key))), "the keys are " + known);
      }
    }
  }

  void require(bool condition, const std::string& key, const nlohmann::json& seen,
               const std::string& allowed) const {
    if (!condition) {
      fail(fmt::format("\"{}\" is {}", path(key), printable(seen.dump().substr(0, 80))),
           "give " + allowed);
    }
  }

private:
  template <typename Value> static bool fits(const nlohmann::json& number) {
    return !number.is_number_unsigned() ||
           number.get<std::uint64_t>() <=
               static_cast<std::uint64_t>(std::numeric_limits<Value>::max());
  }

  [[nodiscard]] std::string path(const std::string& key) const {
    return place_.empty() ? key : place_ + "." + key;
  }

  [[noreturn]] void fail(const std::string& cause, const std::string& remedy) const {
    throw Error{ErrorCode::configuration, file_, cause, remedy};
  }

  const nlohmann::json& object_;
  std::string file_;
  std::string place_;
  std::set<std::string> taken_;
};

/// Writes a struct's fields as a JSON object.
class FieldWriter {
public:
  template <typename Value> void field(const std::string& key, const Value& value) {
    object_[key] = value;
  }

  template <typename Enum, typename Choices>
  void choice(const std::string& key, const Enum& value, const Choices& choices) {
    for (const auto& [enumerator, name] : choices) {
      if (enumerator == value) {
        object_[key] = name;
      }
    }
  }

  template <typename Value, typename Visit>
  void group(const std::string& key, Value& value, Visit visit) {
    FieldWriter inner;
    visit(inner, value);
    object_[key] = inner.object();
  }

  template <typename Values, typename Visit>
  void list(const std::string& key, Values& values, Visit visit) {
    object_[key] = nlohmann::json::array();
    for (auto& value : values) {
      FieldWriter inner;
      visit(inner, value);
      object_[key].push_back(inner.object());
    }
  }

  [[nodiscard]] const nlohmann::json& object() const { return object_; }

private:
  nlohmann::json object_ = nlohmann::json::object();
};

} // namespace lmc::training
