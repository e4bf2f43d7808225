// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/temporary_file.hpp"
#include "model/role.hpp"
#include "model/weights.hpp"

#include <filesystem>
#include <map>
#include <optional>
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

/// Writes `manifest.folder/manifest.json`. @throws Error output_*
void write_manifest(const Manifest& manifest, Existing existing);

/// The manifest's entry of weights that have been saved as `file`.
[[nodiscard]] ManifestEntry entry_of(const Weights& weights, const std::string& file,
                                     const std::string& sha256);

/// Loads a model of the folder; its SHA-256 is compared before anything in it is used.
/// @throws Error model_missing when the manifest has no such role, and everything of `load_weights`
[[nodiscard]] Weights load_model(const Manifest& manifest, Role role);

} // namespace lmc::model
