// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"

#include <filesystem>

namespace lmc::model {

/// Reads the tensors of a PyTorch checkpoint (`torch.save` of a state dict, zip or legacy format;
/// nested in a dictionary; names with or without `module.`) or of a safetensors file. Nothing in
/// the file is executed, and what a Python loader would execute is refused.
/// @return tensors in the file's order, copied; float16, bfloat16 and float64 as float32
/// @throws Error model_missing, model_corrupt (damaged), model_foreign (another format, code in the
/// pickle)
[[nodiscard]] StateDict read_checkpoint(const std::filesystem::path& path);

} // namespace lmc::model
