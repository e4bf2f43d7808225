// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/storage/weights.hpp"

#include <filesystem>
#include <string>

namespace lmc::model {

/// Makes weights of a published checkpoint, for `save_weights`. Names, shapes and finite values are
/// checked as strictly as on loading.
/// @param architecture a network's name ("generator", "unet++"; empty: any), whose
/// sizes are read off the tensors, or a complete JSON record such as `{"network": "generator",
/// "filters": 64, "blocks": 12}`
/// @return `trained` is true: a checkpoint is taken to come from training
/// @throws Error usage (architecture), everything of `read_checkpoint`, model_mismatch,
/// model_not_finite
[[nodiscard]] Weights convert_checkpoint(const std::filesystem::path& path,
                                         const std::string& architecture = {});

} // namespace lmc::model
