// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/norm.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/tile_block.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// A 3x3 convolution without bias from `inputs` to `outputs` channels, both multiples of
/// `channel_multiple`.
struct ConvSizes {
  ConvKind kind = ConvKind::same;
  Index inputs = 0;
  Index outputs = 0;
};

/// Where a convolution of one image size takes its samples from and how its tiles are cut into
/// blocks. Blocks do not depend on the number of threads, so neither do the sums.
struct TilePlan {
  TilePlan(const ConvSizes& sizes, Size input_size);

  Size input;
  Size output;
  std::vector<Index> rows;
  std::vector<Index> columns;
  Index tiles_across = 0;
  Index tiles = 0;
  Index tiles_per_block = 0;
  Index blocks = 0;
  Index scratch_floats = 0; ///< of one thread
};

/// What all convolutions of a network share: one scratch per thread, the sums of one layer.
struct Workspace {
  std::vector<Buffer> scratch;
  BlockSums sums;

  /// Makes room for `members` threads with `floats` each.
  void reserve(int members, Index floats);
};

/// A 3x3 convolution by Winograd's method: transformed kernels, packed for the micro-kernel.
class TileConv {
public:
  /// @param weights [outputs, inputs, 3, 3], as a convolution has them, for transposed ones too
  TileConv(const ConvSizes& sizes, std::span<const float> weights, Team& team);

  [[nodiscard]] const ConvSizes& sizes() const { return sizes_; }

  /// Convolves `source` into `result` [output height, output width, outputs] and leaves the sums
  /// for the norm behind it in `workspace.sums`.
  void run(const TilePlan& plan, const Source& source, float* result, Workspace& workspace,
           Team& team) const;

private:
  ConvSizes sizes_;
  Buffer kernels_; ///< [group of outputs][kernel][panel of outputs][inputs][output of the panel]
};

} // namespace lmc::engine::cpu
