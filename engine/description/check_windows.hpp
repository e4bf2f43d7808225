// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lmc::engine {

/// Checks what an engine's network is to predict.
/// @throws std::invalid_argument as model::check_windows, and for sides below 8
void check_engine_windows(const at::Tensor& windows, std::int64_t multiple);

} // namespace lmc::engine
