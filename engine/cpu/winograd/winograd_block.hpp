// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"

#include <span>

namespace lmc::engine::cpu {

/// The 3x3 convolutions there are; their formulas are in transform_matrices.hpp.
enum class ConvKind {
  same,       ///< stride 1
  stride_two, ///< zero padding of one pixel
  transposed, ///< stride 2, padding 1, output padding 1
};

/// What lies outside of the image of a convolution of stride 1.
enum class Border { reflected, zero };

/// A 3x3 convolution without bias. In a grouped one, each of `groups` equal shares of the outputs
/// sees its share of the inputs only; all shares are multiples of `channel_multiple`.
struct ConvSizes {
  ConvKind kind = ConvKind::same;
  Index inputs = 0;
  Index outputs = 0;
  Index groups = 1;
  Border border = Border::reflected;

  [[nodiscard]] constexpr Index group_inputs() const { return inputs / groups; }
  [[nodiscard]] constexpr Index group_outputs() const { return outputs / groups; }
};

/// What a convolution reads. Nothing is owned; every pointer is at the first channel read.
/// The value of a channel is `(x - mean) * factor + shift`, then ReLU, then `+ residual`; without a
/// mean it is x.
struct Source {
  const float* pixels = nullptr; ///< [height, width, stride]
  Index stride = 0;              ///< floats from pixel to pixel
  Index channels = 0;            ///< a multiple of `channel_multiple`; 0: all that are read
  const float* mean = nullptr;   ///< [channels] each, or none
  const float* factor = nullptr;
  const float* shift = nullptr;
  bool relu = false;
  const float* residual = nullptr; ///< [height, width, channels], or none
  float* store = nullptr;          ///< gets the values read, [height, width, channels], or none
  bool doubled = false; ///< has half of the height and width: each pixel is read as 2 x 2 of them
};

/// Where the samples of the tiles of a source lie.
struct SampleMap {
  const Index* rows = nullptr;    ///< [tiles down * samples], -1 for zero
  const Index* columns = nullptr; ///< [tiles across * samples], -1 for zero
  Index width = 0;                ///< of the source's image
};

/// Some consecutive tiles of one convolution and some of its outputs: what a thread does at a time.
struct WinogradBlock {
  ConvSizes sizes;
  std::span<const Source> sources; ///< their channels, one after the other, are the inputs
  Index slice_channels = 0;        ///< inputs that are transformed at a time
  Size output;
  SampleMap samples;
  SampleMap doubled_samples; ///< of doubled sources
  Index tiles_across = 0;
  Index first_tile = 0;
  Index tiles = 0;
  Index capacity = 0;       ///< tiles that the scratch has room for
  Index chunk_channels = 0; ///< output channels of a group that are finished together
  Index first_group = 0;
  Index groups = 0; ///< of the convolution

  const float* kernels = nullptr; ///< as packed by WinogradConv
  float* scratch = nullptr;
  float* result = nullptr;     ///< [output height, output width, outputs]
  float* sums = nullptr;       ///< rows pivot, sum, squares, `outputs` apart; none with a bias
  const float* bias = nullptr; ///< [outputs], or none
  bool relu = false;           ///< after the bias
};

/// Floats from tile to tile and from product to product in the scratch. There is a cache line
/// behind each row and plane: without it their distance is a power of two and the 36 planes of a
/// tile meet in the same few cache sets.
struct ScratchLayout {
  Index row = 0;
  Index plane = 0;

  constexpr ScratchLayout(Index channels, Index tiles)
      : row{channels + line_floats}, plane{tiles * row + line_floats} {}
};

/// Computes a block with the best instruction set of this machine.
void run_winograd_block(const WinogradBlock& block);

/// Output channels in a panel of packed kernels: two vectors of the instruction set in use.
[[nodiscard]] Index panel_channels();

/// "AVX3" (AVX-512), "AVX2", "SSE4" or "SCALAR" (plain C++).
[[nodiscard]] const char* instruction_set();

} // namespace lmc::engine::cpu
