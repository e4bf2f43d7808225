// SPDX-License-Identifier: Apache-2.0
#include "common/records/json.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lmc {

namespace {

using nlohmann::json;

/// Builds a value from SAX events; refuses duplicate keys and too much depth.
class StrictBuilder : public nlohmann::json_sax<json> {
public:
  explicit StrictBuilder(std::size_t max_depth) : max_depth_{max_depth} {}

  [[nodiscard]] json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { throw std::invalid_argument{"binary value in JSON"}; }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!keys_.back().insert(name).second) {
      throw std::invalid_argument{fmt::format("duplicate key \"{}\"", name)};
    }
    key_ = name;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    throw std::invalid_argument{fmt::format("malformed JSON at byte {}", position)};
  }

private:
  json* place(json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }

  bool add(json value) {
    place(std::move(value));
    return true;
  }

  bool open(json container) {
    if (open_.size() >= max_depth_) {
      throw std::invalid_argument{fmt::format("JSON nested deeper than {} levels", max_depth_)};
    }
    open_.push_back(place(std::move(container)));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  std::size_t max_depth_;
  json root_;
  std::vector<json*> open_;
  std::vector<std::set<std::string>> keys_;
  std::string key_;
};

} // namespace

json parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    throw std::invalid_argument{fmt::format("JSON text of {}, more than the {} allowed",
                                            human_bytes(text.size()),
                                            human_bytes(limits.max_bytes))};
  }
  if (!is_utf8(text)) {
    throw std::invalid_argument{"JSON is not valid UTF-8"};
  }
  StrictBuilder builder{limits.max_depth};
  json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

json read_json_file(const std::filesystem::path& path, const JsonLimits& limits) {
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    throw std::invalid_argument{"cannot be read"};
  }
  std::string text;
  std::vector<char> block(std::size_t{1} << 16);
  while (file && text.size() <= limits.max_bytes) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) {
    throw std::invalid_argument{"cannot be read"};
  }
  return parse_json(text, limits);
}

std::string to_text(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

nlohmann::json to_json(const Error& error) {
  return {{"code", fmt::format("E{}", static_cast<int>(error.code()))},
          {"file", error.subject()},
          {"cause", error.cause()},
          {"remedy", error.remedy()},
          {"message", error.what()}};
}

} // namespace lmc
