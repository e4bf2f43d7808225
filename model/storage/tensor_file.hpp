// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "model/storage/file_mapping.hpp"
#include "model/storage/safetensors.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace lmc::model {

/// Tensors of a safetensors file and its metadata.
struct TensorFile {
  std::map<std::string, std::string> metadata;
  StateDict
      tensors; ///< in the file's order; read-only: they alias the mapped file and keep it alive
};

/// Tensors over a mapped safetensors file, nothing copied (except tensors that the file does not
/// align).
/// @throws Error model_corrupt
[[nodiscard]] TensorFile tensors_from(const std::shared_ptr<const FileMapping>& mapping,
                                      const std::filesystem::path& path);

/// Maps and parses a safetensors file. @throws Error model_missing, model_corrupt
[[nodiscard]] TensorFile read_tensor_file(const std::filesystem::path& path);

/// Writes CPU tensors in their order. @throws Error output_*
void write_tensor_file(const std::filesystem::path& path, const TensorFile& content,
                       Existing existing);

} // namespace lmc::model
