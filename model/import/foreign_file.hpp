// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace lmc::model {

/// Formats in which weights are found, told by their first bytes.
enum class WeightsFormat {
  safetensors,
  torch_zip,
  torch_script,
  pickle,
  hdf5,
  onnx,
  gguf,
  html,
  text,
  unknown
};

/// What the bytes look like; `safetensors` also for a damaged one (JSON behind a length).
[[nodiscard]] WeightsFormat format_of(std::span<const std::byte> file);

/// Refuses everything but safetensors, saying what it is and how to make safetensors of it.
/// @throws Error model_foreign, model_corrupt
void require_safetensors(std::span<const std::byte> file, const std::filesystem::path& path);

} // namespace lmc::model
