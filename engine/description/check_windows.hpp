// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/networks.hpp"

#include <stdexcept>

namespace lmc::engine {

/// Checks what an engine's network is to predict.
/// @throws std::invalid_argument as model::check_windows, and for sides below 8
inline void check_engine_windows(const at::Tensor& windows, std::int64_t multiple) {
  // Of generators: reflection by three in the stem and by one at a quarter of the size.
  constexpr std::int64_t least_side = 8;
  model::check_windows(windows, multiple);
  if (windows.size(2) < least_side || windows.size(3) < least_side) {
    throw std::invalid_argument{"windows are smaller than 8 x 8"};
  }
}

} // namespace lmc::engine
