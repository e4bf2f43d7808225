// SPDX-License-Identifier: Apache-2.0
#include "model/infer_architecture.hpp"

#include "model/generator_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace lmc::model {

namespace {

/// Size of one dimension of a tensor, 0 when there is no such tensor or dimension.
std::int64_t size_of(const StateDict& state, const std::string& name, std::int64_t dimension) {
  const at::Tensor* tensor = state.find(name);
  return tensor == nullptr || dimension >= tensor->dim() ? 0 : tensor->size(dimension);
}

/// How many of name(0), name(1), ... are there without a gap.
template <typename Name> std::int64_t count_of(const StateDict& state, Name name) {
  std::int64_t count = 0;
  while (state.contains(name(count))) {
    ++count;
  }
  return count;
}

std::optional<Architecture> infer_generator(const StateDict& state) {
  const GeneratorNames names{{.blocks = 1, .dropout_layer = true}};
  const std::int64_t filters = size_of(state, names.stem.conv + ".weight", 0);
  if (filters == 0 || !state.contains(names.decoders[0].first.conv + ".weight")) {
    return std::nullopt;
  }
  // With batch norm and no dropout layer, this is the norm, whose weight has one dimension.
  const at::Tensor* second = state.find(names.blocks[0][1].conv + ".weight");
  return GeneratorArchitecture{
      .filters = filters,
      .blocks = count_of(
          state,
          [](std::int64_t block) { return residual_block_name(block) + ".conv_block.1.weight"; }),
      .norm = state.contains(names.stem.norm + ".running_mean") ? Norm::batch : Norm::instance,
      .dropout_layer = second != nullptr && second->dim() == 4,
      .dynamic = state.contains(names.stem.norm + ".controller.weight")};
}

std::optional<Architecture> infer_unetpp(const StateDict& state) {
  const bool dynamic = state.contains("encoder.encoder.conv1.layer.weight");
  const std::string encoder = dynamic ? "encoder.encoder." : "encoder.";
  const std::int64_t stem = size_of(state, encoder + "bn1.weight", 0);
  const std::int64_t width = size_of(state, encoder + "layer1.0.conv2.weight", 0);
  const std::int64_t group_width = size_of(state, encoder + "layer1.0.conv2.weight", 1);
  if (stem == 0 || width == 0 || group_width == 0) {
    return std::nullopt;
  }
  UnetPlusPlusArchitecture a;
  a.stem_channels = stem;
  a.groups = width / group_width;
  a.width_per_group = group_width * 64 / stem;
  a.dynamic = dynamic;
  for (std::size_t stage = 0; stage < a.layers.size(); ++stage) {
    a.layers.at(stage) = count_of(state, [&](std::int64_t block) {
      return fmt::format("{}layer{}.{}.conv1.weight", encoder, stage + 1, block);
    });
  }
  for (std::size_t column = 0; column < a.decoder_channels.size(); ++column) {
    a.decoder_channels.at(column) =
        size_of(state, fmt::format("decoder.blocks.x_0_{}.conv1.0.weight", column), 0);
  }
  return a;
}

} // namespace

std::optional<Architecture> infer_architecture(const StateDict& state) {
  for (const auto infer : {infer_generator, infer_unetpp}) {
    if (std::optional<Architecture> architecture = infer(state)) {
      return architecture;
    }
  }
  return std::nullopt;
}

} // namespace lmc::model
