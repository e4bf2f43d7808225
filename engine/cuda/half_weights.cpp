// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_weights.hpp"

#include "engine/cuda/head.hpp"
#include "engine/cuda/host_values.hpp"
#include "engine/generator_weights.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <span>

namespace lmc::engine::cuda {

namespace {

/// Convolutions and norms on their way to the device.
struct Converter {
  c10::Device device;
  bool transposed;

  at::Tensor conv(const at::Tensor& weight) const {
    return weight.to(device, at::kHalf).contiguous(at::MemoryFormat::ChannelsLast);
  }

  /// @param weight [inputs, outputs, 3, 3]
  at::Tensor up(const at::Tensor& weight) const {
    return conv(transposed ? weight : shuffled_weight(weight));
  }

  /// [7, padded, 8] of [1, filters, 7, 7]
  at::Tensor head(const at::Tensor& weight) const {
    const std::int64_t filters = weight.size(1);
    at::Tensor padded = at::zeros({7, Head::padded(static_cast<int>(filters)), 8}, at::kFloat);
    padded.narrow(1, 0, filters).narrow(2, 0, 7).copy_(weight[0].permute({1, 0, 2}));
    return padded.to(device, at::kHalf);
  }

  at::Tensor norm(const cpu::NormParameters& p) const {
    return at::stack({copy_of(p.mean), copy_of(p.factor), copy_of(p.shift)})
        .unsqueeze(0)
        .to(device);
  }
};

/// In the order of computation: the first up-sampling of all decoders is one.
std::vector<at::Tensor> batch_norms(const cpu::GeneratorWeights& weights,
                                    const Converter& converter) {
  std::vector<at::Tensor> norms;
  if (weights.batch_norms.empty()) {
    return norms;
  }
  const std::size_t encoder = 3 + weights.blocks.size();
  for (std::size_t i = 0; i < encoder; ++i) {
    norms.push_back(converter.norm(weights.batch_norms[i]));
  }
  std::vector<at::Tensor> firsts;
  std::vector<at::Tensor> seconds;
  for (std::size_t i = encoder; i < weights.batch_norms.size(); i += 2) {
    firsts.push_back(converter.norm(weights.batch_norms[i]));
    seconds.push_back(converter.norm(weights.batch_norms[i + 1]));
  }
  norms.push_back(at::cat(firsts, 2));
  norms.insert(norms.end(), seconds.begin(), seconds.end());
  return norms;
}

} // namespace

HalfWeights half_weights(const model::GeneratorArchitecture& architecture,
                         const model::StateDict& state, c10::Device device, bool transposed) {
  const cpu::GeneratorWeights given = generator_weights(architecture, state);
  const Converter converter{device, transposed};
  const std::int64_t f = given.filters;
  HalfWeights weights;
  weights.filters = f;
  weights.transposed = transposed;
  weights.stem = view_of(given.stem, {f, 7, 7}).permute({1, 2, 0}).contiguous().to(device);
  weights.down = {converter.conv(view_of(given.down[0], {2 * f, f, 3, 3})),
                  converter.conv(view_of(given.down[1], {4 * f, 2 * f, 3, 3}))};
  for (const std::span<const float> block : given.blocks) {
    weights.blocks.push_back(converter.conv(view_of(block, {4 * f, 4 * f, 3, 3})));
  }
  std::vector<at::Tensor> firsts;
  for (std::size_t i = 0; i < given.decoders.size(); ++i) {
    const cpu::DecoderWeights& decoder = given.decoders.at(i);
    firsts.push_back(view_of(decoder.first, {4 * f, 2 * f, 3, 3}));
    weights.second.at(i) = converter.up(view_of(decoder.second, {2 * f, f, 3, 3}));
    weights.heads.at(i) = converter.head(view_of(decoder.head, {1, f, 7, 7}));
    weights.head_biases.at(i) = decoder.head_bias;
  }
  weights.first = converter.up(at::cat(firsts, 1));
  weights.batch_norms = batch_norms(given, converter);
  weights.steering = steering_for(architecture, state, Modality::unknown);
  for (at::Tensor& steering : weights.steering) {
    steering = steering.defined() ? steering.to(device) : steering;
  }
  return weights;
}

std::array<at::Tensor, 3> steering_for(const model::GeneratorArchitecture& a,
                                       const model::StateDict& state, Modality modality) {
  std::array<at::Tensor, 3> steering;
  if (!a.dynamic) {
    return steering;
  }
  const cpu::SteeredNorms norms = steered_norms(a, state, modality);
  for (std::size_t i = 0; i < steering.size(); ++i) {
    steering.at(i) = at::stack({copy_of(norms.at(i).factor), copy_of(norms.at(i).shift)});
  }
  return steering;
}

at::Tensor shuffled_weight(const at::Tensor& weight) {
  // Tap of the 3x3 kernel for [odd output][input i or i + 1]; -1: none.
  constexpr std::array<std::array<std::int64_t, 2>, 2> taps{{{1, -1}, {2, 0}}};
  const std::int64_t inputs = weight.size(0);
  const std::int64_t outputs = weight.size(1);
  at::Tensor children = at::zeros({2, 2, outputs, inputs, 2, 2}, weight.options());
  for (std::int64_t place = 0; place < 16; ++place) {
    const std::int64_t odd_y = place / 8;
    const std::int64_t odd_x = place / 4 % 2;
    const std::int64_t y = place / 2 % 2;
    const std::int64_t x = place % 2;
    const std::int64_t tap_y =
        taps.at(static_cast<std::size_t>(odd_y)).at(static_cast<std::size_t>(y));
    const std::int64_t tap_x =
        taps.at(static_cast<std::size_t>(odd_x)).at(static_cast<std::size_t>(x));
    if (tap_y >= 0 && tap_x >= 0) {
      children[odd_y][odd_x].select(-2, y).select(-1, x).copy_(
          weight.select(-2, tap_y).select(-1, tap_x).t());
    }
  }
  return children.reshape({4 * outputs, inputs, 2, 2});
}

} // namespace lmc::engine::cuda
