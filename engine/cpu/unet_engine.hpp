// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/pointwise.hpp"
#include "engine/cpu/stem.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/tile_conv.hpp"
#include "engine/cpu/unet_weights.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace lmc::engine::cpu {

/// Runs a UNet++ with ResNeXt encoder window by window in float32, all activations NHWC. Batch
/// norms are folded into the convolutions, bias, ReLU and residual applied on store. What a decoder
/// block reads is neither doubled in size nor concatenated in memory: its convolution takes each
/// pixel from where it lies.
class UnetEngine {
public:
  /// @throws std::invalid_argument when a weight's size does not suit its neighbours'
  UnetEngine(const UnetWeights& weights, Team& team);
  ~UnetEngine();

  /// Predicts one window. Buffers are made for the first window of a size and kept.
  /// @param window [height, width], sides multiples of 32
  /// @param stem_scale of the stem's batch norm, and what steers it in a dynamic network
  /// @param result [4, height, width]
  void run(const float* window, Size size, const ChannelScale& stem_scale, float* result,
           Team& team);

  /// Bytes of the buffers for windows of this size, for `members` threads.
  [[nodiscard]] std::uint64_t bytes(Size size, int members) const;

private:
  struct Bottleneck {
    PointwiseConv conv1;
    TileConv conv2;
    PointwiseConv conv3;
    std::optional<PointwiseConv> projection;
  };
  struct Block {
    TileConv conv1;
    TileConv conv2;
  };
  /// Floats of each buffer for windows of one size.
  struct Floats;
  /// Tables and activations of one window size.
  struct Plan;

  [[nodiscard]] Floats buffer_floats(Size size) const;
  [[nodiscard]] Index scratch_floats(const Plan& plan) const;
  void add_stages(const UnetWeights& weights, Team& team);
  void add_decoder(const UnetWeights& weights, Team& team);
  void encode(const float* window, const ChannelScale& stem_scale, Team& team);
  void run_bottleneck(std::size_t stage, std::size_t index, Team& team);
  void decode(float* result, Team& team);
  void run_block(std::size_t index, std::span<const Source> sources, Buffer& result, Team& team);

  Stem stem_;
  Index stem_channels_;
  std::array<std::vector<Bottleneck>, unet_depth> stages_;
  std::vector<Block> decoder_;
  std::vector<TileConv> head_;
  Workspace workspace_;
  std::unique_ptr<Plan> plan_;
};

} // namespace lmc::engine::cpu
