// SPDX-License-Identifier: Apache-2.0
#include "model/unetpp.hpp"

#include "common/organelle.hpp"
#include "model/resnext_encoder.hpp"
#include "model/unetpp_wiring.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::size_t depth = unetpp_depth;
constexpr double head_gain = 2;

std::string block_name(std::size_t row, std::size_t column) {
  return fmt::format("decoder.blocks.x_{}_{}", row, column);
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

TensorSpecs tensor_specs(const UnetPlusPlusArchitecture& architecture) {
  TensorSpecs specs = encoder_specs(architecture);
  for (std::size_t column = 0; column < depth; ++column) {
    for (std::size_t row = 0; row <= column; ++row) {
      add_block(specs, architecture, row, column);
    }
  }
  add_block(specs, architecture, 0, depth);
  add_conv(specs, {.name = "segmentation_head.0",
                   .inputs = architecture.decoder_channels.back(),
                   .outputs = organelle_count,
                   .kernel = 3,
                   .gain = head_gain});
  return specs;
}

at::Tensor decode(const UnetPlusPlusArchitecture&, const StateDict& state,
                  std::span<const at::Tensor> features, const LayerMode& mode) {
  UnetPlusPlusItems<at::Tensor> items;
  std::copy(features.begin(), features.end(), items.features.begin());
  const at::Tensor finest =
      decode_nested(std::move(items),
                    [&](std::size_t row, std::size_t column, std::span<const at::Tensor> inputs) {
                      return run_block(state, block_name(row, column), inputs, mode);
                    });
  return at::tanh(conv(state, "segmentation_head.0", finest, {.padding = 1}));
}

} // namespace lmc::model
