// SPDX-License-Identifier: Apache-2.0
#include "model/storage/weights.hpp"

#include "common/error.hpp"
#include "common/files/hash.hpp"
#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "model/import/foreign_file.hpp"
#include "model/storage/state_check.hpp"
#include "model/storage/tensor_file.hpp"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace lmc::model {

/// What the file says beside its tensors.
template <class Fields> void visit_fields(Fields& fields, Weights& weights) {
  constexpr int format = 1;
  int written = format;
  fields.required("format", written, format, format);
  fields.required("trained", weights.trained);
  fields.required("architecture", weights.architecture);
  fields.field("input_normalization", weights.normalization, input_normalizations);
  fields.field("provenance", weights.provenance);
}

namespace {

constexpr const char* record_key = "light_my_cells";

/// Everything but the tensors.
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
    Weights weights;
    read_fields(parse_json(record->second), weights);
    return weights;
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("the \"{}\" record cannot be used: {}", record_key, cause.what()),
                "update this program or convert the model again"};
  }
}

std::string record_text(const Weights& weights) {
  return fields_of(weights).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
