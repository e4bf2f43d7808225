// SPDX-License-Identifier: Apache-2.0
#include "engine/description/state_values.hpp"

#include "model/norm_epsilon.hpp"

#include <stdexcept>

namespace lmc::engine {

std::span<const float> values_of(const model::StateDict& state, const std::string& name) {
  const at::Tensor& tensor = state.at(name);
  if (!tensor.is_contiguous() || tensor.scalar_type() != at::kFloat || !tensor.is_cpu()) {
    throw std::invalid_argument{name + " is not contiguous float32 in host memory"};
  }
  return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

std::vector<float> copied(const at::Tensor& tensor) {
  const at::Tensor contiguous = tensor.contiguous();
  const float* const first = contiguous.const_data_ptr<float>();
  return {first, first + contiguous.numel()};
}

NormParameters batch_norm_values(const model::StateDict& state, const std::string& name) {
  const at::Tensor scale = state.at(name + ".running_var").add(model::norm_epsilon).rsqrt();
  return {.mean = copied(state.at(name + ".running_mean")),
          .factor = copied(scale.mul(state.at(name + ".weight"))),
          .shift = copied(state.at(name + ".bias"))};
}

} // namespace lmc::engine
