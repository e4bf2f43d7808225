// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <span>
#include <vector>

namespace lmc::engine::cuda {

/// A view of weights in host memory.
inline at::Tensor view_of(std::span<const float> values, at::IntArrayRef sizes) {
  // from_blob takes no constant pointer; nothing writes through it.
  return at::from_blob(const_cast<float*>(values.data()), sizes, at::kFloat);
}

inline at::Tensor copy_of(const std::vector<float>& values) {
  return view_of(values, {static_cast<std::int64_t>(values.size())}).clone();
}

} // namespace lmc::engine::cuda
