// SPDX-License-Identifier: Apache-2.0
#include "inference/rotation.hpp"

#include <ATen/ops/rot90.h>

namespace lmc::inference {

at::Tensor rotate(const at::Tensor& planes, std::int64_t quarter_turns) {
  return quarter_turns % 4 == 0 ? planes : at::rot90(planes, quarter_turns, {-2, -1});
}

at::Tensor rotate_back(const at::Tensor& planes, std::int64_t quarter_turns) {
  return rotate(planes, -quarter_turns);
}

} // namespace lmc::inference
