// SPDX-License-Identifier: Apache-2.0
#include "model/manifest.hpp"

#include "common/error.hpp"
#include "common/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace lmc::model {

namespace {

using nlohmann::json;

constexpr const char* manifest_name = "manifest.json";
constexpr int manifest_format = 1;

Role role_from(const std::string& name) {
  for (const Role role : all_roles) {
    if (name == name_of(role)) {
      return role;
    }
  }
  throw std::invalid_argument{fmt::format(
      "unknown model \"{}\", allowed bright_field, phase_contrast, dic, unified", name)};
}

std::string text_from(const std::string& key, const json& value) {
  if (!value.is_string()) {
    throw std::invalid_argument{fmt::format("\"{}\" is not a text", key)};
  }
  return value.get<std::string>();
}

std::string file_from(const json& value) {
  const std::string file = text_from("file", value);
  const std::filesystem::path path{file};
  if (file.empty() || file.starts_with('.') || path.filename() != path) {
    throw std::invalid_argument{
        fmt::format("\"file\" is \"{}\", allowed a file name within the folder", file)};
  }
  return file;
}

std::string sha256_from(const json& value) {
  const std::string sha256 = text_from("sha256", value);
  const bool hexadecimal = std::all_of(sha256.begin(), sha256.end(), [](char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  });
  if (sha256.size() != 64 || !hexadecimal) {
    throw std::invalid_argument{"\"sha256\" is not 64 lower-case hexadecimal digits"};
  }
  return sha256;
}

void read_field(const std::string& key, const json& value, ManifestEntry& entry) {
  if (key == "file") {
    entry.file = file_from(value);
  } else if (key == "sha256") {
    entry.sha256 = sha256_from(value);
  } else if (key == "architecture") {
    entry.architecture = architecture_from_json(value);
  } else if (key == "training_commit") {
    entry.training_commit = text_from(key, value);
  } else if (key == "trained") {
    if (!value.is_boolean()) {
      throw std::invalid_argument{"\"trained\" is not true or false"};
    }
    entry.trained = value.get<bool>();
  } else {
    throw std::invalid_argument{fmt::format("unknown key \"{}\"", key)};
  }
}

ManifestEntry entry_from(const json& record) {
  for (const char* key : {"file", "sha256", "architecture", "trained"}) {
    if (!record.is_object() || !record.contains(key)) {
      throw std::invalid_argument{fmt::format("\"{}\" is missing", key)};
    }
  }
  ManifestEntry entry;
  for (const auto& [key, value] : record.items()) {
    read_field(key, value, entry);
  }
  return entry;
}

std::map<Role, ManifestEntry> models_from(const json& record) {
  if (!record.is_object() || !record.contains("models") || !record.contains("format")) {
    throw std::invalid_argument{"\"format\" or \"models\" is missing"};
  }
  if (record["format"] != manifest_format) {
    throw std::invalid_argument{fmt::format("\"format\" is {}, this version reads {}",
                                            record["format"].dump(), manifest_format)};
  }
  for (const auto& [key, value] : record.items()) {
    if (key != "format" && key != "models") {
      throw std::invalid_argument{fmt::format("unknown key \"{}\"", key)};
    }
  }
  if (!record["models"].is_object() || record["models"].empty()) {
    throw std::invalid_argument{"\"models\" names no model"};
  }
  std::map<Role, ManifestEntry> models;
  for (const auto& [name, entry] : record["models"].items()) {
    try {
      const Role role = role_from(name);
      models[role] = entry_from(entry);
    } catch (const std::invalid_argument& cause) {
      throw std::invalid_argument{fmt::format("model \"{}\": {}", name, cause.what())};
    }
  }
  return models;
}

json to_json(const ManifestEntry& entry) {
  json record{{"file", entry.file},
              {"sha256", entry.sha256},
              {"architecture", to_json(entry.architecture)},
              {"trained", entry.trained}};
  if (!entry.training_commit.empty()) {
    record["training_commit"] = entry.training_commit;
  }
  return record;
}

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
    return {.folder = folder, .models = models_from(read_json_file(path))};
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::model_corrupt, path.string(), cause.what(),
                "correct the manifest or copy the models folder again"};
  }
}

void write_manifest(const Manifest& manifest, Existing existing) {
  json models = json::object();
  for (const auto& [role, entry] : manifest.models) {
    models[std::string{name_of(role)}] = to_json(entry);
  }
  write_file(manifest.folder / manifest_name,
             to_text(json{{"format", manifest_format}, {"models", models}}), existing);
}

ManifestEntry entry_of(const Weights& weights, const std::string& file, const std::string& sha256) {
  const auto commit = weights.provenance.find("training_commit");
  return {.file = file,
          .sha256 = sha256,
          .architecture = weights.architecture,
          .trained = weights.trained,
          .training_commit = commit == weights.provenance.end() ? "" : commit->second};
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
