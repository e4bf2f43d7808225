// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <optional>

namespace lmc::model {

/// Reads an architecture off the names and shapes of its tensors: widths, blocks, norm, whether
/// there is a dropout layer
/// (`conv_block.6` against `.5`) and whether it is dynamic. Nothing when the tensors belong to no
/// known network. The result need not fit every tensor; `check_state` lists what does not.
[[nodiscard]] std::optional<Architecture> infer_architecture(const StateDict& state);

} // namespace lmc::model
