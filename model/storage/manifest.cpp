// SPDX-License-Identifier: Apache-2.0
#include "model/storage/manifest.hpp"

#include "common/error.hpp"
#include "common/records/fields.hpp"
#include "common/records/json.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace lmc::model {

namespace {

constexpr const char* manifest_name = "manifest.json";

bool is_file_name(const std::string& text) {
  const std::filesystem::path path{text};
  return !text.empty() && !text.starts_with('.') && path.filename() == path;
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

template <class Fields> void visit_fields(Fields& fields, ManifestEntry& entry) {
  fields.required("file", entry.file);
  fields.required("sha256", entry.sha256);
  fields.required("trained", entry.trained);
  fields.required("architecture", entry.architecture);
  fields.field("training_commit", entry.training_commit);
  if (!is_file_name(entry.file)) {
    throw std::invalid_argument{fmt::format(
        "\"file\" is \"{}\", allowed is a file name within the folder", printable(entry.file))};
  }
  if (!is_sha256(entry.sha256)) {
    throw std::invalid_argument{"\"sha256\" is not 64 lower-case hexadecimal digits"};
  }
}

template <class Fields> void visit_fields(Fields& fields, Manifest& manifest) {
  constexpr int format = 1;
  int written = format;
  fields.required("format", written, format, format);
  fields.group("models", [&manifest](auto& models) {
    for (const Role role : all_roles) {
      ManifestEntry entry;
      models.field(std::string{name_of(role)}, entry);
      if (!entry.file.empty()) {
        manifest.models[role] = std::move(entry);
      }
    }
  });
  if (manifest.models.empty()) {
    throw std::invalid_argument{"\"models\" names no model"};
  }
}

namespace {

void check_agreement(const ManifestEntry& entry, const Weights& weights,
                     const std::filesystem::path& path) {
  if (weights.architecture != entry.architecture || weights.trained != entry.trained) {
    throw Error{ErrorCode::model_mismatch, path.string(),
                fmt::format("is a {} {}, the manifest says {} {}",
                            weights.trained ? "trained" : "untrained",
                            describe(weights.architecture), entry.trained ? "trained" : "untrained",
                            describe(entry.architecture)),
                "correct manifest.json"};
  }
}

} // namespace

Manifest read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / manifest_name;
  if (!std::filesystem::is_regular_file(path)) {
    throw Error{ErrorCode::model_missing, path.string(), "no such file",
                "pass the folder that holds manifest.json and the models"};
  }
  try {
    Manifest manifest{.folder = folder, .models = {}};
    read_fields(read_json_file(path), manifest);
    return manifest;
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_corrupt, path.string(), cause.what(),
                "correct the manifest or copy the models folder again"};
  }
}

Weights load_model(const Manifest& manifest, Role role) {
  const auto entry = manifest.models.find(role);
  if (entry == manifest.models.end()) {
    throw Error{ErrorCode::model_missing, (manifest.folder / manifest_name).string(),
                fmt::format("names no model \"{}\"", name_of(role)),
                "add the model to the folder and its manifest"};
  }
  const std::filesystem::path path = manifest.folder / entry->second.file;
  Weights weights = load_weights(path, entry->second.sha256);
  check_agreement(entry->second, weights, path);
  return weights;
}

} // namespace lmc::model
