// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/import/checkpoint_storage.hpp"
#include "model/import/pickle_value.hpp"
#include "model/state_dict.hpp"

#include <cstddef>

namespace lmc::model {

/// Finds the state dict in what a checkpoint's pickle describes (at the top, or under a key such as
/// "state_dict") and copies its tensors out of the storages: float16, bfloat16 and float64 become
/// float32, views become contiguous, a common prefix `module.` goes.
/// @param file_bytes bounds what the tensors may take: views can repeat their storage without end
/// @throws std::invalid_argument with a short cause
[[nodiscard]] StateDict state_dict_from(PickleRef root, const Storages& storages,
                                        std::size_t file_bytes);

} // namespace lmc::model
