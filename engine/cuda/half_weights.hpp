// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/half.hpp"
#include "engine/description/convolution.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <span>
#include <vector>

namespace lmc::engine::cuda {

/// A half-precision tensor's numbers as kernels take them.
[[nodiscard]] inline const Half* halves(const at::Tensor& tensor) {
  return reinterpret_cast<const Half*>(tensor.const_data_ptr<at::Half>());
}
[[nodiscard]] inline Half* mutable_halves(const at::Tensor& tensor) {
  return reinterpret_cast<Half*>(tensor.mutable_data_ptr<at::Half>());
}

/// A view of weights in host memory.
[[nodiscard]] at::Tensor view_of(std::span<const float> values, at::IntArrayRef sizes);

/// Values side by side, float32 [rows, channels] in host memory, copied.
[[nodiscard]] at::Tensor rows_of(const std::vector<std::vector<float>>& rows);

/// All parts of a convolution's weight, float32 [outputs, inputs / groups, kernel, kernel] in host
/// memory; of a transposed one [inputs, outputs, 3, 3].
[[nodiscard]] at::Tensor weight_of(const ConvDescription& conv);

/// Of a 7x7 stem, float32 [7, 7, channels].
[[nodiscard]] at::Tensor stem_weight(const StemDescription& stem, c10::Device device);

/// As convolutions read weights.
[[nodiscard]] at::Tensor half_precision(const at::Tensor& weight, c10::Device device);

} // namespace lmc::engine::cuda
