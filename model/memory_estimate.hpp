// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"

#include <cstdint>

namespace lmc::model {

/// Windows that are predicted at once.
struct BatchShape {
  std::int64_t batch = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
};

/// Estimated peak bytes of activations and work space of one inference, weights and input not
/// counted. Within a factor of 1.5 of what LibTorch was measured to allocate on a CPU.
[[nodiscard]] std::uint64_t activation_bytes(const Architecture& architecture,
                                             const BatchShape& shape);

} // namespace lmc::model
