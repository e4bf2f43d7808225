// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace lmc::model {

/// Columns of the nested triangle of decoder blocks; one more block makes the full size.
inline constexpr std::size_t unetpp_depth = 4;

/// What a decoder block reads: the coarser image first, which is doubled, then its skips.
template <class Item> struct BlockInputs {
  std::array<Item, unetpp_depth + 2> items{};
  std::size_t count = 0;

  void add(const Item& item) { items.at(count++) = item; }
  [[nodiscard]] std::span<const Item> span() const { return {items.data(), count}; }
};

/// Features of the encoder, from the finest to the coarsest, and the outputs of the decoder's
/// current column and the one before, by row. `Item` is an image, or what is to be known of one.
template <class Item> struct UnetPlusPlusItems {
  std::array<Item, unetpp_depth + 1> features{};
  std::array<Item, unetpp_depth> previous{};
  std::array<Item, unetpp_depth> current{};

  /// Inputs of block x_row_column, as segmentation_models_pytorch's UnetPlusPlusDecoder has them:
  /// the last column's block of the same row (in the lowest row the feature) one size coarser, the
  /// blocks below in the same column, and the feature of this size.
  [[nodiscard]] BlockInputs<Item> inputs(std::size_t row, std::size_t column) const {
    BlockInputs<Item> result;
    result.add(row == column ? features[unetpp_depth - column] : previous[row]);
    for (std::size_t below = row + 1; below <= column; ++below) {
      result.add(current[below]);
    }
    result.add(features[unetpp_depth - 1 - column]);
    return result;
  }
};

/// The decoder: calls `block(row, column, inputs)` for each block in the order of computation, the
/// last of which, (0, unetpp_depth), makes the full size. What is not needed any more is dropped
/// before it is called.
/// @return the last block's output
template <class Item, class Block>
[[nodiscard]] Item decode_nested(UnetPlusPlusItems<Item> items, const Block& block) {
  for (std::size_t column = 0; column < unetpp_depth; ++column) {
    // A column is finer than the one before; within it, each block needs those of the rows below.
    for (std::size_t row = column + 1; row-- > 0;) {
      items.current[row] = block(row, column, items.inputs(row, column).span());
    }
    items.previous = items.current;
  }
  const Item finest = items.previous[0];
  items = {};
  return block(0, unetpp_depth, std::span<const Item>{&finest, 1});
}

} // namespace lmc::model
