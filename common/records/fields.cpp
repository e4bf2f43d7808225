// SPDX-License-Identifier: Apache-2.0
#include "common/records/fields.hpp"

#include "common/error.hpp"

#include <fmt/ranges.h>

namespace lmc {

namespace detail {

void refuse_field(const std::string& path, const nlohmann::json& seen, const std::string& allowed) {
  const std::string text =
      seen.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(0, 80);
  throw std::invalid_argument{
      fmt::format("\"{}\" is {}, allowed is {}", printable(path), text, allowed)};
}

} // namespace detail

FieldReader::FieldReader(const nlohmann::json& object, std::string place)
    : object_{object}, place_{std::move(place)} {
  if (!object_.is_object()) {
    throw std::invalid_argument{
        fmt::format("{} is no object, write {{ ... }}",
                    place_.empty() ? "it" : "\"" + printable(place_) + "\"")};
  }
}

void FieldReader::finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (!known_.contains(key)) {
      throw std::invalid_argument{fmt::format("unknown key \"{}\", the keys are {}",
                                              printable(path(key)), fmt::join(known_, ", "))};
    }
  }
}

const nlohmann::json* FieldReader::take(const std::string& key) {
  known_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

std::string FieldReader::path(const std::string& key) const {
  return place_.empty() ? key : place_ + "." + key;
}

} // namespace lmc
