// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/half.hpp"

#include <ATen/core/Tensor.h>

namespace lmc::engine::cuda {

/// A half-precision tensor's numbers as kernels take them.
inline const Half* halves(const at::Tensor& tensor) {
  return reinterpret_cast<const Half*>(tensor.const_data_ptr<at::Half>());
}

inline Half* mutable_halves(const at::Tensor& tensor) {
  return reinterpret_cast<Half*>(tensor.mutable_data_ptr<at::Half>());
}

} // namespace lmc::engine::cuda
