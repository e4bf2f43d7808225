// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/block.hpp"

namespace lmc::engine::cuda {

/// A 7x7 convolution of one channel, tile by tile in float32, with s for the stride:
///   sum(y, x, c) = sum over ky, kx of weight(ky, kx, c) * input(s y + ky - 3, s x + kx - 3)
///
/// One channel is nothing for tensor cores. A thread computes four neighbouring pixels of eight
/// channels: 224 products for each row of taps from 10 (13 at stride two) + 56 numbers read.
template <int stride> struct StemTile {
  static constexpr int threads = 256;
  static constexpr int taps = 7;
  static constexpr int border = 3;
  static constexpr int rows = 8; ///< of the result
  static constexpr int columns = 32;
  static constexpr int strip = 4;
  static constexpr int input_rows = stride * (rows - 1) + taps;
  static constexpr int input_columns = stride * (columns - 1) + taps;
  struct Shared {
    float input[input_rows][input_columns];
  };

  const float* weights; ///< [7, 7, channels]
  int channels;         ///< a multiple of 8
  int height;           ///< of the result
  int width;

  /// @param count windows
  Grid grid(int count) const { return {.x = divide_up(height, rows) * tiles_across(), .y = count}; }

  /// One block's tile.
  /// @param input called with a window, a row and a column, which may lie outside the image
  /// @param store called with a window, a row and a column of the result, the first of eight
  /// channels, and their sums
  template <class Block, class Input, class Store>
  LMC_HOST_DEVICE void run(Block& block, Shared& shared, const Input& input,
                           const Store& store) const {
    const int first_row = block.x / tiles_across() * rows;
    const int first_column = block.x % tiles_across() * columns;
    block.each([&](int thread) {
      for (int i = thread; i < input_rows * input_columns; i += threads) {
        const int row = i / input_columns;
        const int column = i % input_columns;
        shared.input[row][column] = input(block.y, stride * first_row + row - border,
                                          stride * first_column + column - border);
      }
    });
    const int groups = channels / vector_channels;
    block.each([&](int thread) {
      for (int i = thread; i < rows * columns / strip * groups; i += threads) {
        const int channel = i % groups * vector_channels;
        const int column = i / groups % (columns / strip) * strip;
        const int row = i / groups / (columns / strip);
        Float8 sums[strip] = {};
        add_products(&shared.input[stride * row][stride * column], channel, sums);
        for (int pixel = 0; pixel < strip; ++pixel) {
          const int y = first_row + row;
          const int x = first_column + column + pixel;
          if (y < height && x < width) {
            store(block.y, y, x, channel, sums[pixel]);
          }
        }
      }
    });
  }

private:
  LMC_HOST_DEVICE int tiles_across() const { return divide_up(width, columns); }

  LMC_HOST_DEVICE void add_products(const float* pixels, int channel, Float8* sums) const {
    for (int ky = 0; ky < taps; ++ky) {
      for (int kx = 0; kx < taps; ++kx) {
        const auto weight =
            *reinterpret_cast<const Float8*>(weights + (ky * taps + kx) * channels + channel);
        for (int pixel = 0; pixel < strip; ++pixel) {
          const float x = pixels[ky * input_columns + kx + stride * pixel];
          for (int i = 0; i < vector_channels; ++i) {
            sums[pixel].lane[i] += x * weight.lane[i];
          }
        }
      }
    }
  }
};

} // namespace lmc::engine::cuda
