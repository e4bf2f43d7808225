// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/layers/stem.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// Outputs of one head block. Its normalised input, (16 + 6) x (48 + 6) pixels of 64 channels, and
/// the sums take 353 kB and stay in the L2 cache.
inline constexpr Size head_block{16, 48};

/// One block of a head's output.
struct HeadBlock {
  Source source;
  Size image;
  Index channels = 0;
  Index y = 0; ///< top left corner
  Index x = 0;
  const float* kernel = nullptr; ///< [7, 7, channels]
  float bias = 0;
  float* scratch = nullptr; ///< head_scratch_floats() long
  float* result = nullptr;  ///< [height, width] of the whole image
};

/// Input and sums of a block, for the longest vectors.
[[nodiscard]] constexpr Index head_scratch_floats(Index channels) {
  return (head_block.height + 2 * border) * (head_block.width + 2 * border) * channels +
         head_block.pixels() * channel_multiple;
}

/// Computes a block with the best instruction set of this machine.
void run_head_block(const HeadBlock& block);

/// The last convolution of a decoder: norm and ReLU on load, reflection by 3, 7x7 to one channel,
/// tanh. A dot product over taps and channels for each pixel, so nothing is gained by a matrix
/// product; the sums of several pixels are kept in registers, a vector of channels each.
class Head {
public:
  /// @param weights [channels, 7, 7], channels a multiple of `channel_multiple`
  Head(Index channels, std::span<const float> weights, float bias);

  /// @param result [height, width]
  /// @param scratch one buffer per member of the team, of head_scratch_floats()
  void run(const Source& source, Size size, float* result, std::vector<Buffer>& scratch,
           Team& team) const;

private:
  Index channels_;
  float bias_;
  Buffer kernel_;
};

} // namespace lmc::engine::cpu
