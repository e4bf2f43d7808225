// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/description/convolution.hpp"

#include <vector>

namespace lmc::engine::cpu {

/// A norm ready to be applied on load: `y = (x - mean) * factor + shift`, each [channels]. The mean
/// is subtracted first, since `x * factor + offset` would cancel where the mean is large.
struct ChannelNorm {
  explicit ChannelNorm(Index channels) : mean(channels), factor(channels), shift(channels) {}

  Buffer mean;
  Buffer factor;
  Buffer shift;
};

/// Sums of each block of an image, for each channel: rows of `pivot` (a value near the mean), the
/// sum of x - pivot and the sum of (x - pivot)^2. Kept per block and added up in the blocks' order,
/// so that the result does not depend on which thread computed which block. The pivot keeps float32
/// exact enough where the mean is far from zero.
class BlockSums {
public:
  void reserve(Index blocks, Index channels);

  /// Rows pivot, sum, squares of a block, `stride()` floats apart.
  [[nodiscard]] float* block(Index block) { return sums_.data() + 3 * channels_ * block; }
  [[nodiscard]] Index stride() const { return channels_; }

  /// Pixels of a block; to be set for each.
  void set_count(Index block, Index pixels) { counts_[static_cast<std::size_t>(block)] = pixels; }

  /// The norm of all blocks together (Chan et al. 1979): factor 1 / sqrt(biased variance + epsilon)
  /// times that of `parameters`; or the batch norm of `parameters`.
  void finish(ChannelNorm& norm, const NormParameters& parameters) const;

private:
  Buffer sums_;
  std::vector<Index> counts_;
  Index channels_ = 0;
};

} // namespace lmc::engine::cpu
