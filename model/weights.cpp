// SPDX-License-Identifier: Apache-2.0
#include "model/weights.hpp"

#include "common/error.hpp"
#include "common/hash.hpp"
#include "common/json.hpp"
#include "model/foreign_file.hpp"
#include "model/state_check.hpp"
#include "model/tensor_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

namespace lmc::model {

namespace {

using nlohmann::json;

constexpr const char* record_key = "light_my_cells";
constexpr int record_format = 1;

constexpr std::array normalizations{std::pair{InputNormalization::none, "none"},
                                    std::pair{InputNormalization::percentile, "percentile"},
                                    std::pair{InputNormalization::z_score, "zscore"}};

InputNormalization normalization_from(const json& value) {
  for (const auto& [normalization, name] : normalizations) {
    if (value == name) {
      return normalization;
    }
  }
  throw std::invalid_argument{"\"input_normalization\" is not one of none, percentile, zscore"};
}

std::map<std::string, std::string> provenance_from(const json& value) {
  if (!value.is_object()) {
    throw std::invalid_argument{"\"provenance\" is not an object"};
  }
  std::map<std::string, std::string> provenance;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) {
      throw std::invalid_argument{fmt::format("provenance \"{}\" is not a text", key)};
    }
    provenance[key] = text.get<std::string>();
  }
  return provenance;
}

void read_field(const std::string& key, const json& value, Weights& weights) {
  if (key == "architecture") {
    weights.architecture = architecture_from_json(value);
  } else if (key == "input_normalization") {
    weights.normalization = normalization_from(value);
  } else if (key == "provenance") {
    weights.provenance = provenance_from(value);
  } else if (key == "trained") {
    if (!value.is_boolean()) {
      throw std::invalid_argument{"\"trained\" is not true or false"};
    }
    weights.trained = value.get<bool>();
  } else if (key != "format") {
    throw std::invalid_argument{fmt::format("unknown key \"{}\"", key)};
  }
}

/// Everything but the tensors.
Weights weights_from_record(const std::string& text) {
  const json record = parse_json(text);
  if (!record.is_object()) {
    throw std::invalid_argument{"not an object"};
  }
  if (record.value("format", json{}) != record_format) {
    throw std::invalid_argument{fmt::format("\"format\" is {}, this version reads {}",
                                            record.value("format", json{}).dump(), record_format)};
  }
  if (!record.contains("architecture") || !record.contains("trained")) {
    throw std::invalid_argument{"\"architecture\" or \"trained\" is missing"};
  }
  Weights weights;
  for (const auto& [key, value] : record.items()) {
    read_field(key, value, weights);
  }
  return weights;
}

Weights record_of(const TensorFile& file, const std::filesystem::path& path) {
  const auto record = file.metadata.find(record_key);
  if (record == file.metadata.end()) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("has no \"{}\" record, so its architecture is unknown", record_key),
                fmt::format("add one with: lmc convert '{}' -o model.safetensors --architecture "
                            "NAME",
                            path.string())};
  }
  try {
    return weights_from_record(record->second);
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("the \"{}\" record cannot be used: {}", record_key, cause.what()),
                "update this program or convert the model again"};
  }
}

std::string record_text(const Weights& weights) {
  const json record{{"format", record_format},
                    {"architecture", to_json(weights.architecture)},
                    {"input_normalization", name_of(weights.normalization)},
                    {"trained", weights.trained},
                    {"provenance", weights.provenance}};
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

void check_sha256(const std::string& found, const std::string& expected,
                  const std::filesystem::path& path) {
  if (!expected.empty() && found != expected) {
    throw Error{ErrorCode::model_checksum, path.string(),
                fmt::format("SHA-256 is {}, the manifest says {}", found, expected),
                "download or copy the model again; if you replaced it, update manifest.json"};
  }
}

} // namespace

std::string name_of(InputNormalization normalization) {
  return normalizations.at(static_cast<std::size_t>(normalization)).second;
}

Weights load_weights(const std::filesystem::path& path, const std::string& expected_sha256) {
  const auto mapping = std::make_shared<const FileMapping>(path);
  const std::string sha256 = sha256_of(mapping->bytes());
  check_sha256(sha256, expected_sha256, path);
  require_safetensors(mapping->bytes(), path);
  const TensorFile file = tensors_from(mapping, path);
  Weights weights = record_of(file, path);
  check_state(weights.architecture, file.tensors, path.string());
  check_finite(file.tensors, path.string());
  weights.state = in_order(weights.architecture, file.tensors);
  weights.sha256 = sha256;
  return weights;
}

std::string save_weights(const std::filesystem::path& path, const Weights& weights,
                         Existing existing) {
  check_state(weights.architecture, weights.state, path.string());
  check_finite(weights.state, path.string());
  const TensorFile file{.metadata = {{"format", "pt"}, {record_key, record_text(weights)}},
                        .tensors = in_order(weights.architecture, weights.state)};
  write_tensor_file(path, file, existing);
  return sha256_of_file(path);
}

} // namespace lmc::model
