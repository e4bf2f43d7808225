// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/gradient_exchange.hpp"

#include <memory>

namespace lmc::training {

/// The processes that train together; by default this one alone.
struct ProcessGroup {
  int rank = 0;
  int size = 1;
  std::shared_ptr<GradientExchange> exchange; ///< nothing when alone
};

} // namespace lmc::training
