// SPDX-License-Identifier: Apache-2.0
#include "model/unetpp.hpp"

#include "common/organelle.hpp"
#include "model/resnext_encoder.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

constexpr std::size_t depth = 4; // columns of the nested triangle; the last block stands alone
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

at::Tensor run_block(const StateDict& state, const std::string& name, const at::Tensor& coarse,
                     std::vector<at::Tensor> skips, const LayerMode& mode) {
  at::Tensor x = at::upsample_nearest2d(coarse, {2 * coarse.size(2), 2 * coarse.size(3)});
  if (!skips.empty()) {
    skips.insert(skips.begin(), std::move(x));
    x = at::cat(skips, 1);
    skips.clear();
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
  std::map<std::pair<std::size_t, std::size_t>, at::Tensor> dense;
  for (std::size_t column = 0; column < depth; ++column) {
    // A column is finer than the one before; within it, each block needs those of the rows below.
    for (std::size_t row = column + 1; row-- > 0;) {
      std::vector<at::Tensor> skips;
      for (std::size_t below = row + 1; below <= column; ++below) {
        skips.push_back(dense.at({below, column}));
      }
      skips.push_back(features[depth - 1 - column]);
      const at::Tensor& coarse =
          row == column ? features[depth - column] : dense.at({row, column - 1});
      dense[{row, column}] =
          run_block(state, block_name(row, column), coarse, std::move(skips), mode);
    }
    std::erase_if(dense, [column](const auto& block) { return block.first.second < column; });
  }
  const at::Tensor finest =
      run_block(state, block_name(0, depth), dense.at({0, depth - 1}), {}, mode);
  return at::tanh(conv(state, "segmentation_head.0", finest, {.padding = 1}));
}

} // namespace lmc::model
