// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/norm.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"

#include <span>

namespace lmc::engine::cpu {

/// Border of the 7x7 convolutions, and their taps.
inline constexpr Index border = 3;
inline constexpr Index seven = 7;
inline constexpr Index taps = seven * seven;

/// One row of the stem's output.
struct StemRow {
  const float* input = nullptr; ///< top left sample of the row in the padded plane
  Index input_stride = 0;       ///< floats from row to row of the padded plane
  const float* kernels = nullptr;
  Index step = 1;  ///< samples from output to output
  Index width = 0; ///< of the output
  Index outputs = 0;
  float* result = nullptr;       ///< [width, outputs]
  float* sums = nullptr;         ///< rows pivot, sum, squares, `outputs` apart
  const float* factor = nullptr; ///< [outputs] instead of the sums: times factor plus shift, ReLU
  const float* shift = nullptr;
};

/// Computes a row with the best instruction set of this machine.
void run_stem_row(const StemRow& row);

/// The first convolution: 7x7, from one channel to `outputs`, without bias.
/// Direct: out[y][x][c] = sum over taps of w[tap][c] in[y + tap_y][x + tap_x], with the same
/// registers as the products of WinogradConv, some pixels against two vectors of channels.
class Stem {
public:
  /// @param weights [outputs, 7, 7], outputs a multiple of `channel_multiple`
  Stem(Index outputs, std::span<const float> weights);

  [[nodiscard]] Index outputs() const { return outputs_; }

  /// A generator's: stride 1, reflection by 3.
  /// @param window [height, width], sides at least 4
  /// @param centred subtract the window's mean first: an instance norm behind the stem removes any
  /// constant anyway, and dark images, nearly constant at -1, keep their precision
  /// @param padded scratch, grows as needed
  void run(const float* window, Size size, bool centred, float* result, Buffer& padded,
           BlockSums& sums, Team& team) const;

  /// A ResNet's: stride 2, zero padding by 3, norm and ReLU on store.
  /// @param window [height, width], even
  /// @param norm factor and shift, [outputs] each
  /// @param result [height / 2, width / 2, outputs]
  void run_strided(const float* window, Size size, const NormParameters& norm, float* result,
                   Buffer& padded, Team& team) const;

private:
  Index outputs_;
  Buffer kernels_; ///< [panel of outputs][tap][output of the panel]
};

} // namespace lmc::engine::cpu
