// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/activation.hpp"
#include "engine/cuda/kernels/block.hpp"
#include "engine/cuda/kernels/window_contrast.hpp"
#include "model/norm_epsilon.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// Raw outputs of a convolution whose norm is wanted, and their sums over chunks of the pixels.
struct ChannelSums {
  const Half* pixels; ///< [count, pixels_per_window, channels], in any order of the pixels
  int count;
  int pixels_per_window;
  int channels; ///< a multiple of 8, at most 2048
  int chunks;   ///< of each window
  float* sums;  ///< [count, chunks, 2, channels]: sum of x - pivot, sum of (x - pivot)^2

  /// Enough blocks for any GPU even with one window, few enough to add up quickly.
  static constexpr int chunks_for(int pixels_per_window) {
    constexpr int most = 64;
    constexpr int least_pixels = 64;
    const int chunks = divide_up(pixels_per_window, least_pixels);
    return chunks < most ? chunks : most;
  }

  LMC_HOST_DEVICE const Half* window(int index) const {
    return pixels + static_cast<std::ptrdiff_t>(index) * pixels_per_window * channels;
  }
  /// The window's first pixel: near enough to the mean to keep float32 sums exact, whatever it is.
  LMC_HOST_DEVICE float pivot(int index, int channel) const {
    return to_float(window(index)[channel]);
  }
  LMC_HOST_DEVICE float* chunk_sums(int index, int chunk) const {
    return sums + (static_cast<std::ptrdiff_t>(index) * chunks + chunk) * 2 * channels;
  }
};

/// Sums and sums of squares of every channel, chunk by chunk and in fixed order, so that the result
/// is the same on every run.
struct SumChannels {
  static constexpr int threads = 256;
  struct Shared {
    float sum[vector_channels][threads];
    float squares[vector_channels][threads];
  };

  ChannelSums data;

  Grid grid() const { return {.x = data.chunks, .y = data.count}; }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    const Lanes lanes{threads, data.channels};
    block.each([&](int thread) {
      if (lanes.busy(thread)) {
        add_pixels(lanes, block.x, block.y, thread, shared);
      }
    });
    float* const result = data.chunk_sums(block.y, block.x);
    block.each([&](int thread) {
      for (int channel = thread; channel < data.channels; channel += threads) {
        const int lane = channel % vector_channels;
        float sum = 0;
        float squares = 0;
        for (int row = 0; row < lanes.rows; ++row) {
          const int other = row * lanes.columns + channel / vector_channels;
          sum += shared.sum[lane][other];
          squares += shared.squares[lane][other];
        }
        result[channel] = sum;
        result[data.channels + channel] = squares;
      }
    });
  }

private:
  LMC_HOST_DEVICE void add_pixels(const Lanes& lanes, int chunk, int window, int thread,
                                  Shared& shared) const {
    const Half* const pixels = data.window(window) + lanes.column(thread) * vector_channels;
    const Half8 pivot = *reinterpret_cast<const Half8*>(pixels);
    const int per_chunk = divide_up(data.pixels_per_window, data.chunks);
    const int end = (chunk + 1) * per_chunk;
    const int last = end < data.pixels_per_window ? end : data.pixels_per_window;
    Float8 sum = {};
    Float8 squares = {};
    for (int pixel = chunk * per_chunk + lanes.row(thread); pixel < last; pixel += lanes.rows) {
      const auto x = *reinterpret_cast<const Half8*>(pixels + static_cast<std::ptrdiff_t>(pixel) *
                                                                  data.channels);
      for (int i = 0; i < vector_channels; ++i) {
        const float difference = to_float(x.lane[i]) - to_float(pivot.lane[i]);
        sum.lane[i] += difference;
        squares.lane[i] += difference * difference;
      }
    }
    for (int i = 0; i < vector_channels; ++i) {
      shared.sum[i][thread] = sum.lane[i];
      shared.squares[i][thread] = squares.lane[i];
    }
  }
};

/// Adds the chunks up and makes the instance norm of them:
/// factor = g / sqrt(biased variance + epsilon), with g and shift of a dynamic
/// network's controller or 1 and 0.
struct FinishNorm {
  static constexpr int threads = 256;
  using Shared = NothingShared;

  ChannelSums data;
  const Contrast* contrast; ///< of the windows, behind the stem; null elsewhere
  const float* steering;    ///< g, then shift [2, channels]; null: 1 and 0
  float* norm;              ///< rows mean, factor, shift [count, 3, channels]

  Grid grid() const { return {.x = divide_up(data.count * data.channels, threads)}; }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& /*shared*/) const {
    block.each([&](int thread) {
      const int i = block.x * threads + thread;
      if (i < data.count * data.channels) {
        finish(i / data.channels, i % data.channels);
      }
    });
  }

private:
  LMC_HOST_DEVICE void finish(int window, int channel) const {
    double sum = 0;
    double squares = 0;
    for (int chunk = 0; chunk < data.chunks; ++chunk) {
      const float* const sums = data.chunk_sums(window, chunk);
      sum += static_cast<double>(sums[channel]);
      squares += static_cast<double>(sums[data.channels + channel]);
    }
    const double mean = sum / data.pixels_per_window;
    const double variance = squares / data.pixels_per_window - mean * mean;
    const double scale = contrast == nullptr ? 1 : static_cast<double>(contrast[window].scale);
    const double gain = steering == nullptr ? 1 : static_cast<double>(steering[channel]);
    const double positive = variance > 0 ? variance : 0;
    float* const rows = norm + static_cast<std::ptrdiff_t>(window) * 3 * data.channels;
    rows[channel] = static_cast<float>(static_cast<double>(data.pivot(window, channel)) + mean);
    rows[data.channels + channel] =
        static_cast<float>(gain / sqrt(positive + model::norm_epsilon * scale * scale));
    rows[2 * data.channels + channel] = steering == nullptr ? 0 : steering[data.channels + channel];
  }
};

} // namespace lmc::engine::cuda
