// SPDX-License-Identifier: Apache-2.0
#include "model/resnext_encoder.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/max_pool2d.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::int64_t expansion = 4;
// Without it the residual sums of 33 blocks grow beyond what tanh can show.
constexpr double last_norm_gain = 0.25;

/// Sizes of one bottleneck block.
struct Bottleneck {
  std::string name;
  std::int64_t inputs = 0;
  std::int64_t width = 0; ///< channels of the grouped 3x3 convolution
  std::int64_t outputs = 0;
  std::int64_t stride = 1;
  bool downsample = false; ///< the first block of a stage projects its input
};

std::vector<Bottleneck> bottlenecks(const UnetPlusPlusArchitecture& a) {
  std::vector<Bottleneck> blocks;
  std::int64_t inputs = a.stem_channels;
  for (std::size_t stage = 0; stage < a.layers.size(); ++stage) {
    const std::int64_t planes = a.stem_channels << stage;
    const std::int64_t width = planes * a.width_per_group / 64 * a.groups;
    for (std::int64_t i = 0; i < a.layers[stage]; ++i) {
      blocks.push_back({.name = fmt::format("{}layer{}.{}", encoder_prefix(a), stage + 1, i),
                        .inputs = inputs,
                        .width = width,
                        .outputs = planes * expansion,
                        .stride = i == 0 && stage > 0 ? 2 : 1,
                        .downsample = i == 0});
      inputs = planes * expansion;
    }
  }
  return blocks;
}

void add_bottleneck(TensorSpecs& specs, const Bottleneck& b, std::int64_t groups) {
  const auto add = [&](const char* name, std::int64_t inputs, std::int64_t outputs) {
    add_conv(
        specs,
        {.name = b.name + name, .inputs = inputs, .outputs = outputs, .kernel = 1, .bias = false});
  };
  add(".conv1", b.inputs, b.width);
  add_batch_norm(specs, b.name + ".bn1", b.width);
  add_conv(specs, {.name = b.name + ".conv2",
                   .inputs = b.width,
                   .outputs = b.width,
                   .kernel = 3,
                   .groups = groups,
                   .bias = false});
  add_batch_norm(specs, b.name + ".bn2", b.width);
  add(".conv3", b.width, b.outputs);
  add_batch_norm(specs, b.name + ".bn3", b.outputs, last_norm_gain);
  if (b.downsample) {
    add(".downsample.0", b.inputs, b.outputs);
    add_batch_norm(specs, b.name + ".downsample.1", b.outputs);
  }
}

at::Tensor run_bottleneck(const StateDict& state, const Bottleneck& b, std::int64_t groups,
                          const at::Tensor& x, const LayerMode& mode) {
  at::Tensor y = conv(state, b.name + ".conv1", x);
  y = batch_norm(state, b.name + ".bn1", y, mode).relu_();
  y = conv(state, b.name + ".conv2", y, {.stride = b.stride, .padding = 1, .groups = groups});
  y = batch_norm(state, b.name + ".bn2", y, mode).relu_();
  y = conv(state, b.name + ".conv3", y);
  y = batch_norm(state, b.name + ".bn3", y, mode);
  if (!b.downsample) {
    return y.add_(x).relu_();
  }
  at::Tensor shortcut = conv(state, b.name + ".downsample.0", x, {.stride = b.stride});
  return y.add_(batch_norm(state, b.name + ".downsample.1", shortcut, mode)).relu_();
}

/// One convolution for each window: the windows become groups of a single convolution.
at::Tensor conv_per_window(const at::Tensor& windows, const at::Tensor& weights,
                           const at::Tensor& biases) {
  const std::int64_t n = windows.size(0);
  const at::Tensor joined = windows.reshape({1, -1, windows.size(2), windows.size(3)});
  const at::Tensor y = at::conv2d(joined, weights.flatten(0, 1), biases.flatten(), 2, 3, 1, n);
  return y.reshape({n, -1, y.size(2), y.size(3)});
}

} // namespace

std::string encoder_prefix(const UnetPlusPlusArchitecture& architecture) {
  return architecture.dynamic ? "encoder.encoder." : "encoder.";
}

std::array<std::int64_t, 5> feature_channels(const UnetPlusPlusArchitecture& architecture) {
  const std::int64_t stem = architecture.stem_channels;
  return {stem, 4 * stem, 8 * stem, 16 * stem, 32 * stem};
}

TensorSpecs encoder_specs(const UnetPlusPlusArchitecture& a) {
  TensorSpecs specs;
  const std::string name = encoder_prefix(a) + "conv1" + (a.dynamic ? ".layer" : "");
  add_conv(specs,
           {.name = name, .inputs = 1, .outputs = a.stem_channels, .kernel = 7, .bias = a.dynamic});
  if (a.dynamic) {
    add_conv(specs, {.name = encoder_prefix(a) + "conv1.controller",
                     .inputs = 3,
                     .outputs = 2 * a.stem_channels,
                     .kernel = 1});
  }
  add_batch_norm(specs, encoder_prefix(a) + "bn1", a.stem_channels);
  for (const Bottleneck& block : bottlenecks(a)) {
    add_bottleneck(specs, block, a.groups);
  }
  return specs;
}

at::Tensor encoder_stem(const UnetPlusPlusArchitecture& a, const StateDict& state,
                        const at::Tensor& windows, const at::Tensor& codes) {
  const std::string name = encoder_prefix(a) + "conv1";
  if (!a.dynamic) {
    return conv(state, name, windows, {.stride = 2, .padding = 3});
  }
  const at::Tensor& weight = state.at(name + ".layer.weight");
  const at::Tensor scales = controller(state, name + ".controller", codes);
  const std::int64_t outputs = a.stem_channels;
  // The network has one input channel, so the first half holds one factor an output channel.
  const at::Tensor weights =
      weight.unsqueeze(0).mul(scales.narrow(1, 0, outputs).reshape({-1, outputs, 1, 1, 1}));
  const at::Tensor biases =
      state.at(name + ".layer.bias").unsqueeze(0).mul(scales.narrow(1, outputs, outputs));
  return codes.size(0) == 1 ? at::conv2d(windows, weights[0], biases[0], 2, 3)
                            : conv_per_window(windows, weights, biases);
}

std::array<at::Tensor, 5> encode(const UnetPlusPlusArchitecture& a, const StateDict& state,
                                 const at::Tensor& windows, const at::Tensor& codes,
                                 const LayerMode& mode) {
  at::Tensor x = encoder_stem(a, state, windows, codes);
  x = batch_norm(state, encoder_prefix(a) + "bn1", x, mode).relu_();
  std::array<at::Tensor, 5> features{x};
  std::size_t stage = 0;
  x = at::max_pool2d(x, 3, 2, 1);
  for (const Bottleneck& block : bottlenecks(a)) {
    stage += block.downsample ? 1 : 0;
    x = run_bottleneck(state, block, a.groups, x, mode);
    features.at(stage) = x;
  }
  return features;
}

} // namespace lmc::model
