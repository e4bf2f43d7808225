// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/description/convolution.hpp"
#include "model/state_dict.hpp"

#include <map>
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

/// A batch norm as the function that it is at prediction: factor = weight / sqrt(running variance +
/// epsilon).
[[nodiscard]] NormParameters batch_norm_values(const model::StateDict& state,
                                               const std::string& name);

/// The few numbers that steer a dynamic network, for every modality: kept, so that its weights need
/// not be.
template <class Make> [[nodiscard]] auto by_modality(const Make& make) {
  std::map<Modality, decltype(make(Modality::unknown))> values;
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic, Modality::unknown}) {
    values.emplace(modality, make(modality));
  }
  return values;
}

} // namespace lmc::engine
