// SPDX-License-Identifier: Apache-2.0
#include "engine/description/check_windows.hpp"

#include "model/networks.hpp"

#include <stdexcept>

namespace lmc::engine {

void check_engine_windows(const at::Tensor& windows, std::int64_t multiple) {
  // Of generators: reflection by three in the stem and by one at a quarter of the size.
  constexpr std::int64_t least_side = 8;
  model::check_windows(windows, multiple);
  if (windows.size(2) < least_side || windows.size(3) < least_side) {
    throw std::invalid_argument{"windows are smaller than 8 x 8"};
  }
}

} // namespace lmc::engine
