// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/activation.hpp"
#include "engine/cuda/kernels/block.hpp"

#include <cfloat>
#include <cstddef>

namespace lmc::engine::cuda {

/// The last convolution of a decoder: norm and ReLU on load, reflection by 3, 7x7 to one channel,
/// tanh. Not finite sums become NaN, so that tanh does not hide an overflow.
///
/// One output channel is nothing for tensor cores, the seven taps of a row are:
///   s(y, x, kx) = sum over ky, c of input(y + ky - 3, x, c) * weight(ky, kx, c)
///   result(y, x) = tanh(bias + sum over kx of s(y, x + kx - 3, kx))
/// The first line is a product of matrices, positions x by (ky, c) times (ky, c) by kx; a warp
/// computes 32 positions of a row, which make 26 results.
struct Head {
  static constexpr int threads = 256;
  static constexpr int taps = 7;
  static constexpr int border = 3;
  static constexpr int tile_rows = threads / warp_threads;
  static constexpr int positions = matrix_rows;
  static constexpr int tile_columns = positions - 2 * border;
  static constexpr int chunk = 32; ///< channels at a time
  static constexpr int pitch = 40; ///< channels from position to position: shifts the memory banks
  static constexpr int shared_rows = tile_rows + 2 * border;
  static constexpr int row_sums = positions * matrix_columns;
  struct Shared {
    alignas(32) Half input[shared_rows * positions * pitch];
    alignas(32) float sums[tile_rows * row_sums];
  };

  Activation source;
  NormView norm;
  const Half* weights; ///< [7 ky, padded_channels(), 8 kx], zeros beyond the channels and taps
  float bias;
  int count;
  int channels;
  int organelle; ///< channel of the result
  int organelles;
  float* result; ///< [count, organelles, height, width]

  /// Channels in multiples of what is multiplied at a time.
  LMC_HOST_DEVICE static constexpr int padded(int channels) {
    return (channels + chunk - 1) / chunk * chunk;
  }

  Grid grid() const {
    return {.x = divide_up(source.height, tile_rows) * tiles_across(), .y = count};
  }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    const int first_row = block.x / tiles_across() * tile_rows;
    const int first_column = block.x % tiles_across() * tile_columns;
    block.each([&](int thread) {
      for (int i = thread; i < tile_rows * row_sums; i += threads) {
        shared.sums[i] = 0;
      }
    });
    for (int channel = 0; channel < channels; channel += chunk) {
      block.each([&](int thread) {
        load(block.y, first_row - border, first_column - border, channel, thread, shared);
      });
      block.each_warp([&](int warp) { multiply(block, warp, channel, shared); });
    }
    block.each([&](int thread) {
      const int row = thread / tile_columns;
      if (row < tile_rows) {
        const int column = thread % tile_columns;
        store(block.y, first_row + row, first_column + column,
              &shared.sums[row * row_sums + column * matrix_columns]);
      }
    });
  }

private:
  LMC_HOST_DEVICE int tiles_across() const { return divide_up(source.width, tile_columns); }

  /// A chunk of channels of the tile, normalised.
  LMC_HOST_DEVICE void load(int window, int first_row, int first_column, int first_channel,
                            int thread, Shared& shared) const {
    constexpr int vectors = chunk / vector_channels;
    const int channel = first_channel + thread % vectors * vector_channels;
    // Beyond the last channel the norm is unused.
    const VectorNorm vector_norm{norm, window, channel < channels ? channel : 0};
    for (int i = thread; i < shared_rows * positions * vectors; i += threads) {
      const int position = i / vectors;
      const int y = reflected_or_any(first_row + position / positions, source.height);
      const int x = reflected_or_any(first_column + position % positions, source.width);
      Half8 vector = {};
      if (channel < channels) {
        const Float8 value =
            vector_norm.of(source.pixels + source.offset(window, y, x) + channel, true);
        for (int lane = 0; lane < vector_channels; ++lane) {
          vector.lane[lane] = to_half(value.lane[lane]);
        }
      }
      *reinterpret_cast<Half8*>(shared.input + position * pitch + i % vectors * vector_channels) =
          vector;
    }
  }

  /// Adds the products of one row of the tile.
  template <class Block>
  LMC_HOST_DEVICE void multiply(Block& block, int row, int channel, Shared& shared) const {
    float* const place = shared.sums + row * row_sums;
    auto sums = block.load(place);
    for (int ky = 0; ky < taps; ++ky) {
      for (int k = 0; k < chunk; k += matrix_depth) {
        block.multiply_add(sums, shared.input + (row + ky) * positions * pitch + k, pitch,
                           weights +
                               static_cast<std::ptrdiff_t>(ky * padded(channels) + channel + k) *
                                   matrix_columns);
      }
    }
    block.store(sums, place);
  }

  LMC_HOST_DEVICE void store(int window, int y, int x, const float* sums) const {
    if (y >= source.height || x >= source.width) {
      return;
    }
    float sum = bias;
    for (int kx = 0; kx < taps; ++kx) {
      sum += sums[kx * matrix_columns + kx];
    }
    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(window) * organelles + organelle;
    result[(plane * source.height + y) * source.width + x] =
        fabsf(sum) <= FLT_MAX ? tanhf(sum) : nanf("");
  }
};

} // namespace lmc::engine::cuda
