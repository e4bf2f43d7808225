// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/head.hpp"
#include "engine/cpu/norm.hpp"
#include "engine/cpu/stem.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/tile_conv.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// One organelle's decoder, as in model/generator.hpp.
struct DecoderWeights {
  std::span<const float> first;  ///< transposed convolution [4 filters, 2 filters, 3, 3]
  std::span<const float> second; ///< [2 filters, filters, 3, 3]
  std::span<const float> head;   ///< [1, filters, 7, 7]
  float head_bias = 0;
};

/// A generator's weights in the layout of its state dict. Biases in front of an instance norm
/// cancel and are left out. Spans are read while the engine is made, not afterwards.
struct GeneratorWeights {
  Index filters = 0;
  std::span<const float> stem;                ///< [filters, 1, 7, 7]
  std::array<std::span<const float>, 2> down; ///< [2 filters, filters, 3, 3], twice that
  std::vector<std::span<const float>> blocks; ///< two a block [4 filters, 4 filters, 3, 3]
  std::array<DecoderWeights, 4> decoders;
  /// Of batch norms, in the order of the layers: stem, two down, two a block, two a decoder. Empty:
  /// instance norms.
  std::vector<NormParameters> batch_norms;
};

/// Factor and shift of a dynamic network's first three norms; empty ones for other networks.
using SteeredNorms = std::array<NormParameters, 3>;

/// Channels of the activations, padded.
struct Widths {
  explicit Widths(Index filters)
      : full{padded_channels(filters)}, half{padded_channels(2 * filters)}, quarter{padded_channels(
                                                                                4 * filters)} {}

  Index full;    ///< at the window's size
  Index half;    ///< at half of it, in the encoder and in each decoder
  Index quarter; ///< of the trunk, at a quarter
};

/// Runs a generator window by window in float32, all activations NHWC. An activation is written
/// once per convolution, as it comes from the products; the norm, ReLU and residual that follow are
/// applied wherever it is read.
class GeneratorEngine {
public:
  /// @throws std::invalid_argument when a weight's size does not suit `filters`
  GeneratorEngine(const GeneratorWeights& weights, Team& team);
  ~GeneratorEngine();

  /// Predicts one window. Buffers are made for the first window of a size and kept.
  /// @param window [height, width], sides multiples of 4 and at least 8
  /// @param result [4, height, width]
  void run(const float* window, Size size, const SteeredNorms& steered, float* result, Team& team);

  /// Bytes of the buffers for windows of this size, for `members` threads.
  [[nodiscard]] std::uint64_t bytes(Size size, int members) const;

private:
  /// Tables and activations of one window size.
  struct Plan;

  void encode(const float* window, const SteeredNorms& steered, Team& team);
  [[nodiscard]] Source residual_blocks(Team& team);
  void decode(const Source& trunk, float* result, Team& team);
  void finish_norm(std::size_t layer, const NormParameters& steered = {});

  Widths widths_;
  std::vector<NormParameters> parameters_; ///< of each norm, in the order of computation
  Stem stem_;
  std::vector<TileConv> down_;
  std::vector<TileConv> blocks_;
  std::vector<TileConv> first_deconv_; ///< of all four decoders, concatenated
  std::vector<TileConv> second_deconv_;
  std::vector<Head> heads_;
  Workspace workspace_;
  std::unique_ptr<Plan> plan_;
};

} // namespace lmc::engine::cpu
