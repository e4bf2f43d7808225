// SPDX-License-Identifier: Apache-2.0
#include "model/unetpp.hpp"

#include "common/organelle.hpp"
#include "common/records/fields.hpp"
#include "model/resnext_encoder.hpp"
#include "model/unetpp_wiring.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::size_t depth = unetpp_depth;
constexpr double head_gain = 2;
constexpr const char* head_name = "segmentation_head.0";

std::string block_name(std::size_t row, std::size_t column) {
  return fmt::format("decoder.blocks.x_{}_{}", row, column);
}

template <class Fields> void list_fields(Fields& fields, UnetPlusPlusArchitecture& a) {
  fields.field("layers", a.layers, 1, max_blocks);
  fields.field("groups", a.groups, 1, max_channels);
  fields.field("width_per_group", a.width_per_group, 1, max_channels);
  fields.field("stem_channels", a.stem_channels, 1, max_channels);
  fields.field("decoder_channels", a.decoder_channels, 1, max_channels);
  fields.field("dynamic", a.dynamic);
}

/// Channels of one decoder block.
struct BlockChannels {
  std::int64_t inputs = 0; ///< of the coarser tensor, which is doubled in size
  std::int64_t skips = 0;  ///< of the tensors that are concatenated to it
  std::int64_t outputs = 0;
};

/// Row 0 leads to the output, the rows below give the skip connections their depth
/// (segmentation_models_pytorch's UnetPlusPlusDecoder).
BlockChannels channels_of(const UnetPlusPlusArchitecture& a, std::size_t row, std::size_t column) {
  const auto features = feature_channels(a);
  const auto skip = [&](std::size_t i) { return features[depth - 1 - i]; };
  if (row == 0) {
    return {.inputs = column == 0 ? features[depth] : a.decoder_channels[column - 1],
            .skips = column == depth ? 0 : skip(column) * static_cast<std::int64_t>(column + 1),
            .outputs = a.decoder_channels[column]};
  }
  return {.inputs = skip(column - 1),
          .skips = skip(column) * static_cast<std::int64_t>(column + 1 - row),
          .outputs = skip(column)};
}

void add_block(TensorSpecs& specs, const UnetPlusPlusArchitecture& a, std::size_t row,
               std::size_t column) {
  const BlockChannels channels = channels_of(a, row, column);
  const std::string name = block_name(row, column);
  add_conv(specs, {.name = name + ".conv1.0",
                   .inputs = channels.inputs + channels.skips,
                   .outputs = channels.outputs,
                   .kernel = 3,
                   .bias = false});
  add_batch_norm(specs, name + ".conv1.1", channels.outputs);
  add_conv(specs, {.name = name + ".conv2.0",
                   .inputs = channels.outputs,
                   .outputs = channels.outputs,
                   .kernel = 3,
                   .bias = false});
  add_batch_norm(specs, name + ".conv2.1", channels.outputs);
}

at::Tensor conv_norm_relu(const StateDict& state, const std::string& name, const at::Tensor& x,
                          const LayerMode& mode) {
  return batch_norm(state, name + ".1", conv(state, name + ".0", x, {.padding = 1}), mode).relu_();
}

/// @param inputs the first is doubled in size
at::Tensor run_block(const StateDict& state, const std::string& name,
                     std::span<const at::Tensor> inputs, const LayerMode& mode) {
  const at::Tensor& coarse = inputs.front();
  at::Tensor x = at::upsample_nearest2d(coarse, {2 * coarse.size(2), 2 * coarse.size(3)});
  if (inputs.size() > 1) {
    std::vector<at::Tensor> parts{inputs.begin(), inputs.end()};
    parts.front() = std::move(x);
    x = at::cat(parts, 1);
  }
  x = conv_norm_relu(state, name + ".conv1", x, mode);
  return conv_norm_relu(state, name + ".conv2", x, mode);
}

} // namespace

void visit_fields(FieldReader& fields, UnetPlusPlusArchitecture& a) {
  list_fields(fields, a);
  if (a.stem_channels * a.width_per_group % 64 != 0) {
    throw std::invalid_argument{fmt::format(
        "\"stem_channels\" times \"width_per_group\" is {}, allowed are multiples of 64",
        a.stem_channels * a.width_per_group)};
  }
}

void visit_fields(FieldWriter& fields, UnetPlusPlusArchitecture& a) {
  list_fields(fields, a);
}

std::string UnetPlusPlusArchitecture::details() const {
  return fmt::format("layers {}, {} groups of width {}, stem {}, decoder {}{}",
                     fmt::join(layers, "-"), groups, width_per_group, stem_channels,
                     fmt::join(decoder_channels, "-"), dynamic ? ", dynamic" : "");
}

std::optional<UnetPlusPlusArchitecture> UnetPlusPlusArchitecture::infer(const StateDict& state) {
  UnetPlusPlusArchitecture a;
  a.dynamic = state.contains("encoder.encoder.conv1.layer.weight");
  const std::string encoder = encoder_prefix(a);
  const std::int64_t width = state.size_of(encoder + "layer1.0.conv2.weight", 0);
  const std::int64_t group_width = state.size_of(encoder + "layer1.0.conv2.weight", 1);
  a.stem_channels = state.size_of(encoder + "bn1.weight", 0);
  if (a.stem_channels == 0 || width == 0 || group_width == 0) {
    return std::nullopt;
  }
  a.groups = width / group_width;
  a.width_per_group = group_width * 64 / a.stem_channels;
  for (std::size_t stage = 0; stage < a.layers.size(); ++stage) {
    std::int64_t& blocks = a.layers[stage];
    blocks = 0;
    while (state.contains(fmt::format("{}layer{}.{}.conv1.weight", encoder, stage + 1, blocks))) {
      ++blocks;
    }
  }
  for (std::size_t column = 0; column < a.decoder_channels.size(); ++column) {
    a.decoder_channels[column] = state.size_of(block_name(0, column) + ".conv1.0.weight", 0);
  }
  return a;
}

TensorSpecs UnetPlusPlusArchitecture::tensor_specs() const {
  TensorSpecs specs = encoder_specs(*this);
  for (std::size_t column = 0; column < depth; ++column) {
    for (std::size_t row = 0; row <= column; ++row) {
      add_block(specs, *this, row, column);
    }
  }
  add_block(specs, *this, 0, depth);
  add_conv(specs, {.name = head_name,
                   .inputs = decoder_channels.back(),
                   .outputs = organelle_count,
                   .kernel = 3,
                   .gain = head_gain});
  return specs;
}

at::Tensor UnetPlusPlusArchitecture::forward(const StateDict& state, const at::Tensor& windows,
                                             const at::Tensor& codes, const LayerMode& mode) const {
  UnetPlusPlusItems<at::Tensor> items;
  items.features = encode(*this, state, windows, codes, mode);
  const at::Tensor finest =
      decode_nested(std::move(items),
                    [&](std::size_t row, std::size_t column, std::span<const at::Tensor> inputs) {
                      return run_block(state, block_name(row, column), inputs, mode);
                    });
  return at::tanh(conv(state, head_name, finest, {.padding = 1}));
}

} // namespace lmc::model
