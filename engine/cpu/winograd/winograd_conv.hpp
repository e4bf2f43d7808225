// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/norm.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"
#include "engine/description/convolution.hpp"

#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// Where a convolution of one image size takes its samples from and how its tiles are cut into
/// blocks. Blocks do not depend on the number of threads, so neither do the sums.
struct WinogradPlan {
  WinogradPlan(const ConvSizes& sizes, Size input_size);

  Size input;
  Size output;
  std::vector<Index> rows;
  std::vector<Index> columns;
  std::vector<Index> doubled_rows; ///< of sources of half the size, of convolutions of stride 1
  std::vector<Index> doubled_columns;
  Index tiles_across = 0;
  Index tiles = 0;
  Index tiles_per_block = 0;
  Index tile_blocks = 0;
  Index chunk_channels = 0;
  Index groups_per_block = 1; ///< of the convolution
  Index blocks = 0;           ///< tile blocks times shares of the groups
  Index scratch_floats = 0;   ///< of one thread
};

/// What all layers of a network share: one scratch per thread, the sums of one layer, the window
/// with its border.
struct Workspace {
  std::vector<Buffer> scratch;
  BlockSums sums;
  Buffer padded;

  /// Makes room for `members` threads with `floats` each.
  void reserve(int members, Index floats);
};

/// A 3x3 convolution by Winograd's method: transformed kernels, packed for the micro-kernel.
class WinogradConv {
public:
  /// @param weights [outputs, group inputs, 3, 3], as a convolution has them, for transposed ones
  /// too
  /// @param bias [outputs], or empty: the sums for a norm are taken instead
  WinogradConv(const ConvSizes& sizes, std::span<const float> weights, std::span<const float> bias,
               Team& team);
  WinogradConv(const ConvSizes& sizes, std::span<const float> weights, Team& team)
      : WinogradConv{sizes, weights, {}, team} {}

  [[nodiscard]] const ConvSizes& sizes() const { return sizes_; }

  [[nodiscard]] Size output_size(Size input_size) const {
    return WinogradPlan{sizes_, input_size}.output;
  }

  /// Floats of one thread's scratch.
  [[nodiscard]] Index scratch_floats(Size input_size) const {
    return WinogradPlan{sizes_, input_size}.scratch_floats;
  }

  /// Convolves `source` into `result` [output height, output width, outputs] and leaves the sums
  /// for the norm behind it in `workspace.sums`.
  void run(Size input_size, const Source& source, float* result, Workspace& workspace,
           Team& team) const;

  /// The same with a bias, and inputs that lie in several sources, one after the other.
  void run(Size input_size, std::span<const Source> sources, Activation activation, float* result,
           Workspace& workspace, Team& team) const;

private:
  [[nodiscard]] WinogradBlock whole(const WinogradPlan& plan, std::span<const Source> sources,
                                    float* result) const;
  [[nodiscard]] WinogradBlock part(const WinogradPlan& plan, WinogradBlock block,
                                   Index index) const;

  ConvSizes sizes_;
  Buffer kernels_; ///< [slice of inputs][chunk of outputs][kernel][panel][input][output of panel]
  Buffer bias_;
};

} // namespace lmc::engine::cpu
