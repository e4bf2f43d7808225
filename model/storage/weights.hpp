// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/temporary_file.hpp"
#include "common/names.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace lmc::model {

/// What is done to a plane before scaling to [-1, 1]; the paper does nothing.
enum class InputNormalization { none, percentile, z_score };

/// As recorded in weights files.
inline constexpr auto input_normalizations =
    name_table<InputNormalization>({{InputNormalization::none, "none"},
                                    {InputNormalization::percentile, "percentile"},
                                    {InputNormalization::z_score, "zscore"}});

/// A network: what it is, its tensors and where they come from.
struct Weights {
  Architecture architecture;
  StateDict
      state; ///< as read by `forward`; read-only when loaded (the tensors alias the mapped file)
  InputNormalization normalization = InputNormalization::none;
  bool trained = false; ///< false: formula weights, predictions mean nothing
  std::map<std::string, std::string> provenance; ///< e.g. "source", "data", "training_commit"
  std::string sha256;                            ///< of the file, empty before it is written
};

/// Loads a weights file: safetensors with the record `light_my_cells` in its metadata. Checked
/// completely before use: structure, names, shapes, types, finite values.
/// @param expected_sha256 compared with the very bytes that are used; empty: not compared
/// @throws Error model_missing, model_checksum, model_corrupt, model_mismatch, model_foreign,
/// model_not_finite
[[nodiscard]] Weights load_weights(const std::filesystem::path& path,
                                   const std::string& expected_sha256 = {});

/// Writes a weights file, crash-safe, after the same checks.
/// @return the SHA-256 of the written file
/// @throws Error model_mismatch, model_not_finite, output_*
std::string save_weights(const std::filesystem::path& path, const Weights& weights,
                         Existing existing);

} // namespace lmc::model
