// SPDX-License-Identifier: Apache-2.0
#include "training/initialisation.hpp"

#include "common/random.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <string>

namespace lmc::training {

namespace {

using model::Fill;

/// Inputs that PyTorch counts: second axis of the weight times the kernel. For a transposed
/// convolution that is the output channels, which is PyTorch's own convention.
double default_fan_in(const model::TensorSpec& spec) {
  return static_cast<double>(spec.shape[1] * spec.shape[2] * spec.shape[3]);
}

at::Tensor uniform(const model::TensorSpec& spec, std::uint64_t key, double bound) {
  at::Tensor tensor = at::empty(spec.shape, at::kFloat);
  float* const values = tensor.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    const std::uint64_t bits = splitmix64(key + static_cast<std::uint64_t>(i)) >> 11U;
    values[i] = static_cast<float>((static_cast<double>(bits) / 4503599627370496.0 - 1) * bound);
  }
  return tensor;
}

} // namespace

model::StateDict initial_weights(const model::TensorSpecs& specs, std::uint64_t seed,
                                 std::string_view name) {
  model::StateDict state;
  double bound = 0; // of the last weight, which its bias shares
  for (const model::TensorSpec& spec : specs) {
    const std::uint64_t key = splitmix64(seed ^ fnv1a64(std::string{name} + "." + spec.name));
    switch (spec.fill) {
    case Fill::conv_weight:
    case Fill::deconv_weight:
      bound = 1 / std::sqrt(default_fan_in(spec));
      [[fallthrough]];
    case Fill::bias:
      state.add(spec.name, uniform(spec, key, bound));
      break;
    case Fill::bn_weight:
    case Fill::bn_var:
      state.add(spec.name, at::ones(spec.shape, at::kFloat));
      break;
    case Fill::bn_bias:
    case Fill::bn_mean:
      state.add(spec.name, at::zeros(spec.shape, at::kFloat));
      break;
    case Fill::bn_count:
      state.add(spec.name, at::zeros(spec.shape, at::kLong));
      break;
    }
  }
  return state;
}

} // namespace lmc::training
