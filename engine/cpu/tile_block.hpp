// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"

namespace lmc::engine::cpu {

/// The 3x3 convolutions there are; their formulas are in transform_matrices.hpp.
enum class ConvKind {
  same,       ///< stride 1, reflection by one pixel
  stride_two, ///< zero padding of one pixel
  transposed, ///< stride 2, padding 1, output padding 1
};

/// What a convolution reads. Nothing is owned; every pointer is at the first channel read.
/// The value of a channel is `(x - mean) * factor + shift`, then ReLU, then `+ residual`.
struct Source {
  const float* pixels = nullptr; ///< [height, width, stride]
  Index stride = 0;              ///< floats from pixel to pixel
  const float* mean = nullptr;   ///< [channels] each
  const float* factor = nullptr;
  const float* shift = nullptr;
  bool relu = false;
  const float* residual = nullptr; ///< [height, width, channels], or none
  float* store = nullptr;          ///< gets the values read, [height, width, channels], or none
};

/// Where a tile's samples lie along one axis: [tiles * samples], -1 for zero.
using SampleTable = const Index*;

/// Some consecutive tiles of one convolution: what a thread does at a time.
struct TileBlock {
  ConvKind kind = ConvKind::same;
  Source source;
  Size input;
  Size output;
  Index inputs = 0; ///< channels, multiples of `channel_multiple`
  Index outputs = 0;
  SampleTable rows = nullptr;
  SampleTable columns = nullptr;
  Index tiles_across = 0;
  Index first_tile = 0;
  Index tiles = 0;
  Index capacity = 0; ///< tiles that the scratch has room for

  const float* kernels = nullptr; ///< as packed by TileConv
  float* scratch = nullptr;       ///< scratch_floats() long
  float* result = nullptr;        ///< [output height, output width, outputs]
  float* sums = nullptr;          ///< rows pivot, sum, squares, `outputs` apart; or none
};

/// Output channels that are finished together: the products of a group stay in the L2 cache beside
/// the transformed input.
inline constexpr Index group_channels = 64;

/// A cache line behind each row and plane of the scratch. Without it their distance is a power of
/// two and the 36 planes of a tile meet in the same few cache sets.
inline constexpr Index line_floats = 16;

/// Floats from tile to tile and from product to product in the scratch.
struct ScratchLayout {
  Index row = 0;
  Index plane = 0;

  constexpr ScratchLayout(Index channels, Index tiles)
      : row{channels + line_floats}, plane{tiles * row + line_floats} {}
};

/// Computes a block with the best instruction set of this machine.
void run_tile_block(const TileBlock& block);

/// Output channels in a panel of packed kernels: two vectors of the instruction set in use.
[[nodiscard]] Index panel_channels();

/// "AVX3" (AVX-512), "AVX2", "SSE4" or "SCALAR" (plain C++).
[[nodiscard]] const char* instruction_set();

} // namespace lmc::engine::cpu
