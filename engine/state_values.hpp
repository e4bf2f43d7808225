// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"

#include <span>
#include <string>
#include <vector>

namespace lmc::engine {

/// A tensor's values where they lie.
/// @throws std::invalid_argument unless it is contiguous float32 in host memory
[[nodiscard]] std::span<const float> values_of(const model::StateDict& state,
                                               const std::string& name);

/// A copy of a tensor's values, float32 in host memory.
[[nodiscard]] std::vector<float> copied(const at::Tensor& tensor);

/// A batch norm as the function that it is at prediction: y = (x - mean) * factor + shift, factor
/// = weight / sqrt(running variance + 1e-5).
struct BatchNormValues {
  std::vector<float> mean;
  std::vector<float> factor;
  std::vector<float> shift;
};

[[nodiscard]] BatchNormValues batch_norm_values(const model::StateDict& state,
                                                const std::string& name);

} // namespace lmc::engine
