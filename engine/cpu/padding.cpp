// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/padding.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

constexpr Index nine = 9; // taps

void require(bool suits) {
  if (!suits) {
    throw std::invalid_argument{"a weight's size does not suit the network's channels"};
  }
}

/// @param output_stride, input_stride distances in `weight`, in kernels
std::vector<float> spread(std::span<const float> weight, const WeightShape& shape,
                          Index output_stride, Index input_stride) {
  require(std::ssize(weight) == shape.outputs * shape.inputs * nine);
  const Index inputs = padded_channels(shape.inputs);
  std::vector<float> padded(
      static_cast<std::size_t>(padded_channels(shape.outputs) * inputs * nine));
  for (Index output = 0; output < shape.outputs; ++output) {
    for (Index input = 0; input < shape.inputs; ++input) {
      const float* const kernel =
          weight.data() + (output * output_stride + input * input_stride) * nine;
      std::copy_n(kernel, nine, padded.data() + (output * inputs + input) * nine);
    }
  }
  return padded;
}

void append_padded(std::vector<float>& all, const std::vector<float>& values, Index channels) {
  const std::size_t end = all.size() + static_cast<std::size_t>(padded_channels(channels));
  all.insert(all.end(), values.begin(), values.end());
  all.resize(end, 0.0F);
}

} // namespace

std::vector<float> padded_weight(std::span<const float> weight, const WeightShape& shape) {
  return spread(weight, shape, shape.inputs, 1);
}

std::vector<float> padded_transposed_weight(std::span<const float> weight,
                                            const WeightShape& shape) {
  return spread(weight, shape, 1, shape.outputs);
}

std::vector<float> padded_kernels(std::span<const float> weight, Index channels, Index taps) {
  require(std::ssize(weight) == channels * taps);
  std::vector<float> padded{weight.begin(), weight.end()};
  padded.resize(static_cast<std::size_t>(padded_channels(channels) * taps));
  return padded;
}

NormParameters concatenated(std::span<const NormParameters> norms, Index channels) {
  NormParameters all;
  for (const NormParameters& norm : norms) {
    append_padded(all.mean, norm.mean, channels);
    append_padded(all.factor, norm.factor, channels);
    append_padded(all.shift, norm.shift, channels);
  }
  return all;
}

} // namespace lmc::engine::cpu
