// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/unet_weights.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace lmc::engine::cpu {

/// What a decoder block reads: the coarser image first, which is doubled, then its skips.
template <class Item> struct BlockInputs {
  std::array<Item, unet_depth + 2> items{};
  std::size_t count = 0;

  void add(const Item& item) { items.at(count++) = item; }
  [[nodiscard]] std::span<const Item> span() const { return {items.data(), count}; }
};

/// Features of the encoder, from the finest to the coarsest, and the outputs of the decoder's
/// current column and the one before, by row. `Item` is a number of channels or a Source.
template <class Item> struct UnetItems {
  std::array<Item, unet_depth + 1> features{};
  std::array<Item, unet_depth> previous{};
  std::array<Item, unet_depth> current{};

  /// Inputs of block x_row_column, as segmentation_models_pytorch's UnetPlusPlusDecoder has them:
  /// the last column's block of the same row (in the lowest row the feature) one size coarser, the
  /// blocks below in the same column, and the feature of this size.
  [[nodiscard]] BlockInputs<Item> inputs(std::size_t row, std::size_t column) const {
    BlockInputs<Item> result;
    result.add(row == column ? features[unet_depth - column] : previous[row]);
    for (std::size_t below = row + 1; below <= column; ++below) {
      result.add(current[below]);
    }
    result.add(features[unet_depth - 1 - column]);
    return result;
  }
};

/// Calls `visit(index, row, column)` for each block but the last in the order of computation, and
/// `end_column()` behind each column.
template <class Visit, class EndColumn>
void for_each_block(const Visit& visit, const EndColumn& end_column) {
  std::size_t index = 0;
  for (std::size_t column = 0; column < unet_depth; ++column) {
    for (std::size_t row = column + 1; row-- > 0;) {
      visit(index++, row, column);
    }
    end_column();
  }
}

/// Index of the last block, which makes the full size.
inline constexpr std::size_t last_block = unet_depth * (unet_depth + 1) / 2;

} // namespace lmc::engine::cpu
