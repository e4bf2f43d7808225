// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <string>

namespace lmc::model {

/// Compares a state dict with what a network reads and lists all missing, unexpected, misshaped and
/// mistyped tensors at once (the first few of each kind by name).
/// @param network described in errors
/// @param subject names the file in errors
/// @throws Error model_mismatch
void check_state(const TensorSpecs& specs, const StateDict& state, const std::string& network,
                 const std::string& subject);
void check_state(const Architecture& architecture, const StateDict& state,
                 const std::string& subject);

/// @throws Error model_not_finite naming the first tensor with NaN or infinity and their count
void check_finite(const StateDict& state, const std::string& subject);

/// The tensors that the architecture reads, in its order.
[[nodiscard]] StateDict in_order(const Architecture& architecture, const StateDict& state);

} // namespace lmc::model
