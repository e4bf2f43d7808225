// SPDX-License-Identifier: Apache-2.0
// Structs as JSON objects. One function for each struct, found beside it, lists its fields with
// what is allowed; reading and writing follow it:
//
//   template <class Fields> void visit_fields(Fields& fields, Lens& lens) {
//     fields.field("na", lens.na, 0.05, 1.7);               // a number with its range
//     fields.field("immersion", lens.immersion, immersions); // an enum with its NameTable
//     fields.field("filters", lens.filters);                 // a list of such structs
//   }
//   Lens lens;                                   // absent keys keep the struct's defaults
//   read_fields(parse_json(text), lens);         // or throws, naming what was seen and is allowed
//   const nlohmann::json record = fields_of(lens);
//
// Whoever reads a file turns the std::invalid_argument into an lmc::Error with the file's name. The
// command line's defaults are those of `fields_of(Lens{})`: see app/commands/field_options.hpp.
#pragma once

#include "common/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lmc {

namespace detail {

template <class> inline constexpr bool is_list = false;
template <class Value> inline constexpr bool is_list<std::vector<Value>> = true;
template <class Value, std::size_t count>
inline constexpr bool is_list<std::array<Value, count>> = true;

template <class... Limits> inline constexpr bool is_named = false;
template <class Value, std::size_t count>
inline constexpr bool is_named<NameTable<Value, count>> = true;

template <class Value>
inline constexpr bool is_plain = std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>;

/// @throws std::invalid_argument: `"path" is <seen>, allowed is <allowed>`
[[noreturn]] void refuse_field(const std::string& path, const nlohmann::json& seen,
                               const std::string& allowed);

} // namespace detail

/// Takes the fields of a JSON object into a struct. Every error is a std::invalid_argument that
/// names the key with its path ("data.sources[0].path").
class FieldReader {
public:
  static constexpr bool reading = true;

  /// @param place path of the object within the file
  explicit FieldReader(const nlohmann::json& object, std::string place = {});

  /// A field that may be absent: bool, text, number, map of texts, enum, struct with
  /// `visit_fields`, or a list (std::vector of any length, std::array of its own) of these.
  /// @param limits nothing; lowest and highest number; a NameTable; those of a list are each
  /// element's
  template <class Value, class... Limits>
  void field(const std::string& key, Value& value, const Limits&... limits) {
    if (const nlohmann::json* const found = take(key)) {
      read(*found, path(key), value, limits...);
    }
  }

  /// A field that may not be absent.
  template <class Value, class... Limits>
  void required(const std::string& key, Value& value, const Limits&... limits) {
    if (!object_.contains(key)) {
      throw std::invalid_argument{fmt::format("\"{}\" is missing", path(key))};
    }
    field(key, value, limits...);
  }

  /// A field with functions of its own for both ways, which throw std::invalid_argument.
  template <class Value, class ToJson, class FromJson>
  void record(const std::string& key, Value& value, const ToJson&, const FromJson& from_json) {
    if (const nlohmann::json* const found = take(key)) {
      try {
        value = from_json(*found);
      } catch (const std::invalid_argument& cause) {
        throw std::invalid_argument{fmt::format("\"{}\": {}", path(key), cause.what())};
      }
    }
  }

  /// A nested object whose fields `visit(fields)` lists.
  template <class Visit> void group(const std::string& key, const Visit& visit) {
    if (const nlohmann::json* const found = take(key)) {
      visit_object(*found, path(key), visit);
    }
  }

  /// @throws std::invalid_argument when the object has keys that were not asked for
  void finish() const;

private:
  template <class Visit>
  static void visit_object(const nlohmann::json& object, const std::string& path,
                           const Visit& visit) {
    FieldReader inner{object, path};
    visit(inner);
    inner.finish();
  }

  template <class Value, class... Limits>
  static void read(const nlohmann::json& found, const std::string& path, Value& value,
                   const Limits&... limits) {
    if constexpr (detail::is_list<Value>) {
      read_list(found, path, value, limits...);
    } else if constexpr (detail::is_named<Limits...>) {
      read_name(found, path, value, limits...);
    } else if constexpr (std::is_same_v<Value, bool>) {
      value = found.is_boolean() ? found.get<bool>()
                                 : (detail::refuse_field(path, found, "true or false"), false);
    } else if constexpr (std::is_arithmetic_v<Value>) {
      value = number<Value>(found, path, static_cast<Value>(limits)...);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      if (!found.is_string()) {
        detail::refuse_field(path, found, "a text");
      }
      value = found.get<std::string>();
    } else if constexpr (std::is_same_v<Value, std::map<std::string, std::string>>) {
      if (!found.is_object()) {
        detail::refuse_field(path, found, "an object");
      }
      for (const auto& [key, text] : found.items()) {
        read(text, path + "." + key, value[key]);
      }
    } else {
      visit_object(found, path, [&value](FieldReader& inner) { visit_fields(inner, value); });
    }
  }

  template <class Values, class... Limits>
  static void read_list(const nlohmann::json& found, const std::string& path, Values& values,
                        const Limits&... limits) {
    constexpr bool grows = requires {
      values.clear();
    };
    if (!found.is_array() || (!grows && found.size() != values.size())) {
      detail::refuse_field(path, found,
                           grows ? "a list" : fmt::format("a list of {}", values.size()));
    }
    if constexpr (grows) {
      values.clear();
      values.resize(found.size());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      read(found[i], fmt::format("{}[{}]", path, i), values[i], limits...);
    }
  }

  template <class Value, std::size_t count>
  static void read_name(const nlohmann::json& found, const std::string& path, Value& value,
                        const NameTable<Value, count>& table) {
    const auto named = found.is_string() ? table.value(found.get_ref<const std::string&>())
                                         : std::optional<Value>{};
    if (!named) {
      detail::refuse_field(path, found, "one of " + table.names());
    }
    value = *named;
  }

  /// A whole number is compared before it is converted, so that none wraps.
  template <class Number>
  static Number number(const nlohmann::json& found, const std::string& path,
                       Number low = std::numeric_limits<Number>::lowest(),
                       Number high = std::numeric_limits<Number>::max()) {
    constexpr bool whole = std::is_integral_v<Number>;
    const auto within = [&](auto seen) {
      if constexpr (whole) {
        return std::cmp_greater_equal(seen, low) && std::cmp_less_equal(seen, high);
      } else {
        return seen >= low && seen <= high; // false for NaN
      }
    };
    bool fits = false;
    if constexpr (whole) {
      fits = found.is_number_unsigned()
                 ? within(found.get<std::uint64_t>())
                 : found.is_number_integer() && within(found.get<std::int64_t>());
    } else {
      fits = found.is_number() && within(found.get<Number>());
    }
    if (!fits) {
      detail::refuse_field(
          path, found, fmt::format("a {}number from {} to {}", whole ? "whole " : "", low, high));
    }
    return found.get<Number>();
  }

  /// The value of a key; nothing when it is absent.
  [[nodiscard]] const nlohmann::json* take(const std::string& key);
  [[nodiscard]] std::string path(const std::string& key) const;

  const nlohmann::json& object_;
  std::string place_;
  std::set<std::string> known_;
};

/// Writes a struct's fields as a JSON object: every field, whatever its value.
class FieldWriter {
public:
  static constexpr bool reading = false;

  template <class Value, class... Limits>
  void field(const std::string& key, Value& value, const Limits&... limits) {
    object_[key] = written(value, limits...);
  }

  template <class Value, class... Limits>
  void required(const std::string& key, Value& value, const Limits&... limits) {
    field(key, value, limits...);
  }

  template <class Value, class ToJson, class FromJson>
  void record(const std::string& key, const Value& value, const ToJson& to_json, const FromJson&) {
    object_[key] = to_json(value);
  }

  template <class Visit> void group(const std::string& key, const Visit& visit) {
    FieldWriter inner;
    visit(inner);
    object_[key] = inner.object();
  }

  [[nodiscard]] const nlohmann::json& object() const { return object_; }

private:
  template <class Value, class... Limits>
  static nlohmann::json written(Value& value, const Limits&... limits) {
    if constexpr (detail::is_list<Value>) {
      nlohmann::json list = nlohmann::json::array();
      for (auto& element : value) {
        list.push_back(written(element, limits...));
      }
      return list;
    } else if constexpr (detail::is_named<Limits...>) {
      return (limits.name(value), ...);
    } else if constexpr (detail::is_plain<Value> ||
                         std::is_same_v<Value, std::map<std::string, std::string>>) {
      return value;
    } else {
      FieldWriter inner;
      visit_fields(inner, value);
      return inner.object();
    }
  }

  nlohmann::json object_ = nlohmann::json::object();
};

/// @param value keeps the fields whose keys are absent
/// @throws std::invalid_argument: no object, an unknown key, a wrong type, a value that is not
/// allowed
template <class Value> void read_fields(const nlohmann::json& object, Value& value) {
  FieldReader fields{object};
  visit_fields(fields, value);
  fields.finish();
}

template <class Value> [[nodiscard]] nlohmann::json fields_of(Value value) {
  FieldWriter fields;
  visit_fields(fields, value);
  return fields.object();
}

} // namespace lmc
