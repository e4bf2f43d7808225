// SPDX-License-Identifier: Apache-2.0
#include "engine/unet_weights.hpp"

#include "engine/state_values.hpp"
#include "model/layers.hpp"
#include "model/networks.hpp"

#include <fmt/format.h>

#include <string>

namespace lmc::engine {

namespace {

/// Collects a UNet++'s weights by name.
struct UnetReader {
  const model::StateDict& state;
  std::string encoder; ///< prefix

  /// A convolution and its norm: shift = bias - mean * factor.
  [[nodiscard]] cpu::NormedConv normed(const std::string& conv, const std::string& norm) const {
    BatchNormValues values = batch_norm_values(state, norm);
    for (std::size_t i = 0; i < values.shift.size(); ++i) {
      values.shift[i] -= values.mean[i] * values.factor[i];
    }
    return {.weight = values_of(state, conv + ".weight"),
            .factor = std::move(values.factor),
            .shift = std::move(values.shift)};
  }

  [[nodiscard]] cpu::BottleneckWeights bottleneck(const std::string& name) const {
    cpu::BottleneckWeights b{.conv1 = normed(name + ".conv1", name + ".bn1"),
                             .conv2 = normed(name + ".conv2", name + ".bn2"),
                             .conv3 = normed(name + ".conv3", name + ".bn3"),
                             .projection = std::nullopt};
    if (state.contains(name + ".downsample.0.weight")) {
      b.projection = normed(name + ".downsample.0", name + ".downsample.1");
    }
    return b;
  }

  [[nodiscard]] cpu::UnetBlockWeights block(std::size_t row, std::size_t column) const {
    const std::string name = fmt::format("decoder.blocks.x_{}_{}", row, column);
    return {.conv1 = normed(name + ".conv1.0", name + ".conv1.1"),
            .conv2 = normed(name + ".conv2.0", name + ".conv2.1")};
  }
};

std::string encoder_prefix(const model::UnetPlusPlusArchitecture& a) {
  return a.dynamic ? "encoder.encoder." : "encoder.";
}

std::string stem_name(const model::UnetPlusPlusArchitecture& a) {
  return encoder_prefix(a) + "conv1" + (a.dynamic ? ".layer" : "");
}

cpu::NormedConv head_of(const model::StateDict& state) {
  const std::vector<float> bias = copied(state.at("segmentation_head.0.bias"));
  return {.weight = values_of(state, "segmentation_head.0.weight"),
          .factor = std::vector<float>(bias.size(), 1.0F),
          .shift = bias};
}

void pad(std::vector<float>& values) {
  values.resize(static_cast<std::size_t>(cpu::padded_channels(std::ssize(values))), 0.0F);
}

} // namespace

cpu::UnetWeights unet_weights(const model::UnetPlusPlusArchitecture& a,
                              const model::StateDict& state) {
  const UnetReader reader{.state = state, .encoder = encoder_prefix(a)};
  cpu::UnetWeights weights;
  weights.groups = a.groups;
  weights.stem = values_of(state, stem_name(a) + ".weight");
  for (std::size_t stage = 0; stage < cpu::unet_depth; ++stage) {
    for (std::int64_t i = 0; i < a.layers[stage]; ++i) {
      weights.stages[stage].push_back(
          reader.bottleneck(fmt::format("{}layer{}.{}", reader.encoder, stage + 1, i)));
    }
  }
  for (std::size_t column = 0; column < cpu::unet_depth; ++column) {
    for (std::size_t row = column + 1; row-- > 0;) {
      weights.decoder.push_back(reader.block(row, column));
    }
  }
  weights.decoder.push_back(reader.block(0, cpu::unet_depth));
  weights.head = head_of(state);
  return weights;
}

// relu((conv(x) * a + bias * b - mean) * factor + shift), a and b from the controller of a dynamic
// network, which multiply its weight and its bias.
StemScale stem_scale(const model::UnetPlusPlusArchitecture& a, const model::StateDict& state,
                     Modality modality) {
  const BatchNormValues norm = batch_norm_values(state, encoder_prefix(a) + "bn1");
  StemScale scale{.factor = norm.factor, .shift = norm.shift};
  std::vector<float> steered(2 * norm.factor.size(), 1.0F);
  std::vector<float> bias(norm.factor.size(), 0.0F);
  if (a.dynamic) {
    steered = copied(model::controller(state, encoder_prefix(a) + "conv1.controller",
                                       model::modality_code(modality)));
    bias = copied(state.at(stem_name(a) + ".bias"));
  }
  for (std::size_t i = 0; i < norm.factor.size(); ++i) {
    scale.factor[i] *= steered[i];
    scale.shift[i] += (bias[i] * steered[norm.factor.size() + i] - norm.mean[i]) * norm.factor[i];
  }
  pad(scale.factor);
  pad(scale.shift);
  return scale;
}

} // namespace lmc::engine
