// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/activation.hpp"
#include "engine/cuda/block.hpp"
#include "engine/cuda/window_contrast.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// The first convolution, reflection by 3 and 7x7 from one channel, in float32 from the grey values:
/// result(y, x, c) = sum over ky, kx of weight(ky, kx, c) * x'(y + ky - 3, x + kx - 3).
///
/// One channel is nothing for tensor cores. A thread computes four neighbouring pixels of eight
/// channels: 224 products for each row of taps from 10 + 56 numbers read.
struct Stem {
  static constexpr int threads = 256;
  static constexpr int taps = 7;
  static constexpr int border = 3;
  static constexpr int tile_rows = 8;
  static constexpr int tile_columns = 32;
  static constexpr int strip = 4;
  static constexpr int shared_rows = tile_rows + 2 * border;
  static constexpr int shared_columns = tile_columns + 2 * border;
  struct Shared {
    float input[shared_rows][shared_columns];
  };

  const float* windows; ///< [count, height, width]
  const Contrast* contrast;
  const float* weights; ///< [7, 7, channels]
  int count;
  int height;
  int width;
  int channels;
  Half* result; ///< [count, height, width, channels]

  Grid grid() const { return {.x = divide_up(height, tile_rows) * tiles_across(), .y = count}; }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    const int first_row = block.x / tiles_across() * tile_rows;
    const int first_column = block.x % tiles_across() * tile_columns;
    block.each([&](int thread) {
      for (int i = thread; i < shared_rows * shared_columns; i += threads) {
        const int row = i / shared_columns;
        const int column = i % shared_columns;
        shared.input[row][column] =
            input(block.y, first_row + row - border, first_column + column - border);
      }
    });
    const int groups = channels / vector_channels;
    block.each([&](int thread) {
      for (int i = thread; i < tile_rows * tile_columns / strip * groups; i += threads) {
        const int group = i % groups;
        const int column = i / groups % (tile_columns / strip) * strip;
        const int row = i / groups / (tile_columns / strip);
        Float8 sums[strip] = {};
        add_products(&shared.input[row][column], group * vector_channels, sums);
        store(block.y, first_row + row, first_column + column, group * vector_channels, sums);
      }
    });
  }

private:
  LMC_HOST_DEVICE int tiles_across() const { return divide_up(width, tile_columns); }

  LMC_HOST_DEVICE float input(int window, int y, int x) const {
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(window) * height * width;
    const int pixel = reflected_or_any(y, height) * width + reflected_or_any(x, width);
    return (windows[first + pixel] - contrast[window].mean) * contrast[window].scale;
  }

  LMC_HOST_DEVICE void add_products(const float* pixels, int channel, Float8* sums) const {
    for (int ky = 0; ky < taps; ++ky) {
      for (int kx = 0; kx < taps; ++kx) {
        const auto weight =
            *reinterpret_cast<const Float8*>(weights + (ky * taps + kx) * channels + channel);
        for (int pixel = 0; pixel < strip; ++pixel) {
          const float x = pixels[ky * shared_columns + kx + pixel];
          for (int i = 0; i < vector_channels; ++i) {
            sums[pixel].lane[i] += x * weight.lane[i];
          }
        }
      }
    }
  }

  LMC_HOST_DEVICE void store(int window, int y, int x, int channel, const Float8* sums) const {
    for (int pixel = 0; pixel < strip && y < height && x + pixel < width; ++pixel) {
      Half8 y8;
      for (int i = 0; i < vector_channels; ++i) {
        y8.lane[i] = to_half(sums[pixel].lane[i]);
      }
      const std::ptrdiff_t place =
          (static_cast<std::ptrdiff_t>(window) * height + y) * width + x + pixel;
      *reinterpret_cast<Half8*>(result + place * channels + channel) = y8;
    }
  }
};

} // namespace lmc::engine::cuda
