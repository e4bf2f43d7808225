// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <vector>

namespace lmc::training {

/// Some crops and what is labelled in them. Missing labels and masks are filled with ones and never
/// read.
struct Batch {
  at::Tensor light;  ///< float [n, 1, height, width], as the network sees it
  at::Tensor labels; ///< float [n, 4, height, width] in [-1, 1]
  at::Tensor masks;  ///< float [n, 4, height, width], pixel weights of the L1 loss
  at::Tensor codes;  ///< float [n, 3], modality codes; read by dynamic networks only
  std::array<std::vector<std::int64_t>, organelle_count> labelled; ///< samples that have a label
};

} // namespace lmc::training
