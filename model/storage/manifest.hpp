// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/storage/role.hpp"
#include "model/storage/weights.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace lmc::model {

/// One model of the folder.
struct ManifestEntry {
  std::string file;   ///< name within the folder
  std::string sha256; ///< 64 lower-case hexadecimal digits
  Architecture architecture;
  bool trained = false;
  std::string training_commit; ///< revision of this project that trained it, empty if none
};

/// `manifest.json` of a models folder.
struct Manifest {
  std::filesystem::path folder;
  std::map<Role, ManifestEntry> models;
};

/// Reads `folder/manifest.json`; unknown keys, roles and paths out of the folder are errors. Opens
/// no model.
/// @throws Error model_missing, model_corrupt
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& folder);

/// Loads a model of the folder; its SHA-256 is compared before anything in it is used.
/// @throws Error model_missing when the manifest has no such role, and everything of `load_weights`
[[nodiscard]] Weights load_model(const Manifest& manifest, Role role);

} // namespace lmc::model
