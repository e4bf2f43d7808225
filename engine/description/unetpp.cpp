// SPDX-License-Identifier: Apache-2.0
#include "engine/description/unetpp.hpp"

#include "engine/description/state_values.hpp"
#include "model/layers.hpp"
#include "model/networks.hpp"
#include "model/resnext_encoder.hpp"

#include <fmt/format.h>

#include <string>

namespace lmc::engine {

namespace {

/// Looks a UNet++'s layers up by name.
struct Reader {
  const model::UnetPlusPlusArchitecture& architecture;
  const model::StateDict& state;
  std::string encoder = architecture.dynamic ? "encoder.encoder." : "encoder."; ///< prefix
  std::string stem = encoder + "conv1";

  /// A convolution and its norm folded in: bias = shift - mean * factor.
  [[nodiscard]] ConvDescription conv(const std::string& name, const std::string& norm,
                                     std::vector<Index> inputs, Index kernel) const {
    NormParameters values = batch_norm_values(state, norm);
    for (std::size_t i = 0; i < values.shift.size(); ++i) {
      values.shift[i] -= values.mean[i] * values.factor[i];
    }
    ConvDescription conv;
    conv.weights = {values_of(state, name + ".weight")};
    conv.inputs = std::move(inputs);
    conv.outputs = {std::ssize(values.factor)};
    conv.kernel = kernel;
    conv.factor = std::move(values.factor);
    conv.bias = std::move(values.shift);
    return conv;
  }

  /// @param inputs channels
  [[nodiscard]] Bottleneck<ConvDescription> bottleneck(const std::string& name, Index inputs,
                                                       Index stride) const {
    ConvDescription conv1 = conv(name + ".conv1", name + ".bn1", {inputs}, 1);
    ConvDescription conv2 = conv(name + ".conv2", name + ".bn2", conv1.outputs, 3);
    conv2.stride = stride;
    conv2.groups = architecture.groups;
    ConvDescription conv3 = conv(name + ".conv3", name + ".bn3", conv2.outputs, 1);
    std::optional<ConvDescription> projection;
    if (state.contains(name + ".downsample.0.weight")) {
      projection = conv(name + ".downsample.0", name + ".downsample.1", {inputs}, 1);
      projection->stride = stride;
    }
    return {std::move(conv1), std::move(conv2), std::move(conv3), std::move(projection)};
  }

  [[nodiscard]] std::vector<Bottleneck<ConvDescription>> stage(std::size_t index,
                                                               Index inputs) const {
    std::vector<Bottleneck<ConvDescription>> blocks;
    for (std::int64_t i = 0; i < architecture.layers.at(index); ++i) {
      const std::string name = fmt::format("{}layer{}.{}", encoder, index + 1, i);
      blocks.push_back(bottleneck(name, inputs, index > 0 && i == 0 ? 2 : 1));
      inputs = blocks.back().conv3.outputs.front();
    }
    return blocks;
  }

  /// In the order of computation; the wiring says which images each block reads.
  [[nodiscard]] std::vector<std::array<ConvDescription, 2>> decoder() const {
    std::vector<std::array<ConvDescription, 2>> blocks;
    model::UnetPlusPlusItems<Index> channels;
    channels.features = model::feature_channels(architecture);
    static_cast<void>(model::decode_nested(
        channels, [&](std::size_t row, std::size_t column, std::span<const Index> inputs) {
          const std::string name = fmt::format("decoder.blocks.x_{}_{}", row, column);
          ConvDescription first =
              conv(name + ".conv1.0", name + ".conv1.1", {inputs.begin(), inputs.end()}, 3);
          ConvDescription second = conv(name + ".conv2.0", name + ".conv2.1", first.outputs, 3);
          blocks.push_back({std::move(first), std::move(second)});
          return blocks.back()[1].outputs.front();
        }));
    return blocks;
  }

  [[nodiscard]] ConvDescription head() const {
    ConvDescription head;
    head.weights = {values_of(state, "segmentation_head.0.weight")};
    head.bias = copied(state.at("segmentation_head.0.bias"));
    head.inputs = {architecture.decoder_channels.back()};
    head.outputs = {std::ssize(head.bias)};
    return head;
  }

  /// relu((conv(x) * a + bias * b - mean) * factor + shift), a and b from the controller of a
  /// dynamic network, which multiply its weight and its bias.
  [[nodiscard]] NormParameters stem_norm(Modality modality) const {
    NormParameters norm = batch_norm_values(state, encoder + "bn1");
    const std::size_t channels = norm.factor.size();
    std::vector<float> steered(2 * channels, 1.0F);
    std::vector<float> bias(channels, 0.0F);
    if (architecture.dynamic) {
      steered =
          copied(model::controller(state, stem + ".controller", model::modality_code(modality)));
      bias = copied(state.at(stem + ".layer.bias"));
    }
    for (std::size_t i = 0; i < channels; ++i) {
      norm.shift[i] += (bias[i] * steered[channels + i] - norm.mean[i]) * norm.factor[i];
      norm.factor[i] *= steered[i];
    }
    norm.mean.clear();
    return norm;
  }
};

} // namespace

UnetPlusPlusDescription describe_layers(const model::UnetPlusPlusArchitecture& a,
                                        const model::StateDict& state) {
  const Reader reader{.architecture = a, .state = state};
  const std::array<std::int64_t, 5> channels = model::feature_channels(a);
  UnetPlusPlusDescription description{
      .layers = {.stem = {.weight = values_of(state, reader.stem + (a.dynamic ? ".layer" : "") +
                                                         ".weight"),
                          .channels = a.stem_channels,
                          .norm = reader.stem_norm(Modality::unknown)},
                 .stages = {},
                 .decoder = reader.decoder(),
                 .head = reader.head()},
      .steered = {}};
  for (std::size_t stage = 0; stage < unetpp_depth; ++stage) {
    description.layers.stages.at(stage) = reader.stage(stage, channels.at(stage));
  }
  if (a.dynamic) {
    description.steered =
        by_modality([&](Modality modality) { return reader.stem_norm(modality); });
  }
  return description;
}

} // namespace lmc::engine
