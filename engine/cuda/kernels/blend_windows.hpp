// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "engine/cuda/kernels/block.hpp"
#include "engine/cuda/kernels/window_places.hpp"

#include <cmath>
#include <cstddef>

namespace lmc::engine::cuda {

/// Pixels of a plane.
struct Box {
  int top;
  int left;
  int rows;
  int columns;
};

/// Adds a batch of weighted predictions to the sums of the plane, all wanted organelles and the
/// weights' sum at once.
///
/// A thread owns one pixel of the plane and adds the windows that cover it in their order: the sums
/// come out as if window after window had been added, the same on every run and without atomics.
/// The network's last kernel could not add what it predicts, although that would save writing and
/// reading it: the windows of a batch overlap, so their threads would need atomics, and a window
/// that half precision cannot represent is predicted again (inference/batch_backoff.cpp) before it
/// may be added.
struct BlendWindows {
  static constexpr int threads = 256;
  static constexpr int rows_per_block = 8;
  static constexpr int columns_per_block = threads / rows_per_block;
  static constexpr int most_organelles = static_cast<int>(organelle_count);
  using Shared = NothingShared;

  const float* predictions; ///< [count, 4, window, window]
  const float* weights;     ///< [window, window]
  WindowPlaces places;
  int window;
  Box box;                       ///< around the windows
  int channels[most_organelles]; ///< of a prediction, that are wanted
  int wanted;
  int rows; ///< of the plane
  int columns;
  float* sum;        ///< [wanted, rows, columns]
  float* weight_sum; ///< [rows, columns]

  Grid grid() const {
    return {.x = divide_up(box.columns, columns_per_block),
            .y = divide_up(box.rows, rows_per_block)};
  }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& /*shared*/) const {
    block.each([&](int thread) {
      const int row = block.y * rows_per_block + thread / columns_per_block;
      const int column = block.x * columns_per_block + thread % columns_per_block;
      if (row < box.rows && column < box.columns) {
        add_at(box.top + row, box.left + column);
      }
    });
  }

private:
  LMC_HOST_DEVICE bool covers(int index, int y, int x) const {
    const int row = y - places.y[index];
    const int column = x - places.x[index];
    return row >= 0 && row < window && column >= 0 && column < window;
  }

  LMC_HOST_DEVICE void add_at(int y, int x) const {
    int index = 0;
    while (index < places.count && !covers(index, y, x)) {
      ++index;
    }
    if (index == places.count) {
      return; // between the windows of two rows
    }
    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(rows) * columns;
    const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(y) * columns + x;
    // Loops of a fixed length stay in registers.
    float total[most_organelles] = {};
    for (int i = 0; i < most_organelles; ++i) {
      if (i < wanted) {
        total[i] = sum[i * plane + place];
      }
    }
    float total_weight = weight_sum[place];
    for (; index < places.count; ++index) {
      if (covers(index, y, x)) {
        total_weight += add_window(index, y, x, total);
      }
    }
    for (int i = 0; i < most_organelles; ++i) {
      if (i < wanted) {
        sum[i * plane + place] = total[i];
      }
    }
    weight_sum[place] = total_weight;
  }

  /// @return the weight
  LMC_HOST_DEVICE float add_window(int index, int y, int x, float* total) const {
    const int pixel = (y - places.y[index]) * window + x - places.x[index];
    const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(window) * window;
    const float weight = weights[pixel];
    for (int i = 0; i < most_organelles; ++i) {
      if (i < wanted) {
        const std::ptrdiff_t channel = index * std::ptrdiff_t{most_organelles} + channels[i];
        // Rounded once, as LibTorch's addcmul_ on a CPU with AVX2 or more.
        total[i] = fmaf(predictions[channel * pixels + pixel], weight, total[i]);
      }
    }
    return weight;
  }
};

} // namespace lmc::engine::cuda
