// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/random.hpp"
#include "model/networks.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace lmc::test {

namespace detail {

using model::Fill;
using model::TensorSpec;

constexpr std::int64_t parallel_grain = 1 << 16;

/// The tensor's values from its random values in [-1, 1).
template <typename Rule> at::Tensor filled(const TensorSpec& spec, std::uint64_t seed, Rule rule) {
  at::Tensor tensor = at::empty(spec.shape, at::kFloat);
  float* values = tensor.mutable_data_ptr<float>();
  at::parallel_for(0, tensor.numel(), parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::uint64_t hash = splitmix64(seed + static_cast<std::uint64_t>(i));
      const double u = static_cast<double>(static_cast<std::int64_t>(hash >> 40U)) / 16777216.0;
      values[i] = static_cast<float>(rule(2 * u - 1));
    }
  });
  return tensor;
}

inline at::Tensor formula_tensor(const TensorSpec& spec, std::string_view name_prefix) {
  const std::uint64_t seed = fnv1a64(std::string{name_prefix} + spec.name);
  // Products are evaluated from left to right in double: another order changes the last bit of the
  // float.
  const double gain = spec.gain;
  switch (spec.fill) {
  case Fill::conv_weight:
  case Fill::deconv_weight: {
    const double spread = std::sqrt(3 / spec.fan_in);
    const double root_two = std::sqrt(2.0);
    return filled(spec, seed, [=](double v) { return v * spread * root_two * gain; });
  }
  case Fill::bias:
  case Fill::bn_bias:
  case Fill::bn_mean:
    return filled(spec, seed, [](double v) { return 0.1 * v; });
  case Fill::bn_weight:
    return filled(spec, seed, [=](double v) { return gain * (1 + 0.1 * v); });
  case Fill::bn_var:
    return filled(spec, seed, [](double v) { return 1 + 0.5 * std::abs(v); });
  case Fill::bn_count:
    break;
  }
  return at::zeros(spec.shape, at::kLong);
}

} // namespace detail

/// Untrained weights that anybody can compute again: every value is a hash of the tensor's name and
/// the value's index, scaled so that signals keep their size through the layers. The same numbers
/// on every machine, and those of the references.
/// @param name_prefix hashed in front of each name, for networks that share their names
[[nodiscard]] inline model::StateDict formula_weights(const model::TensorSpecs& specs,
                                                      std::string_view name_prefix = {}) {
  model::StateDict state;
  for (const model::TensorSpec& spec : specs) {
    state.add(spec.name, detail::formula_tensor(spec, name_prefix));
  }
  return state;
}

[[nodiscard]] inline model::StateDict formula_weights(const model::Architecture& architecture) {
  return formula_weights(model::tensor_specs(architecture));
}

} // namespace lmc::test
