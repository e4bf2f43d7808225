// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/turned_plane.hpp"
#include "engine/cuda/kernels/block.hpp"
#include "engine/cuda/kernels/window_places.hpp"

#include <cstddef>
#include <cstdint>

namespace lmc::engine::cuda {

/// Cuts windows from a plane of 16-bit grey values: quarter turns by index, what the network sees
/// of each grey value from a table, -1 (the scaled zero) around the plane.
///
/// A block cuts a square. It reads along the plane's own rows and writes along the window's, which
/// after odd quarter turns are columns of each other.
struct GatherWindows {
  static constexpr int threads = 256;
  static constexpr int side = 32; ///< of the square
  struct Shared {
    float seen[side][side + 1]; // one more: columns are read without conflicts
  };

  const std::uint16_t* greys;
  const float* table; ///< [65536]
  compute::TurnedPlane turned;
  int pad_rows;
  int pad_columns;
  WindowPlaces places;
  int window;
  float* windows; ///< [count, window, window]

  Grid grid() const { return {.x = squares_across() * squares_across(), .y = places.count}; }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    const int top = block.x / squares_across() * side;
    const int left = block.x % squares_across() * side;
    const bool along_rows = turned.step_x == 1 || turned.step_x == -1;
    block.each([&](int thread) {
      for (int i = thread; i < side * side; i += threads) {
        const int row = along_rows ? i / side : i % side;
        const int column = along_rows ? i % side : i / side;
        if (top + row < window && left + column < window) {
          shared.seen[row][column] =
              value(places.y[block.y] + top + row, places.x[block.y] + left + column);
        }
      }
    });
    float* const result = windows + static_cast<std::ptrdiff_t>(block.y) * window * window;
    block.each([&](int thread) {
      for (int i = thread; i < side * side; i += threads) {
        const int row = i / side;
        const int column = i % side;
        if (top + row < window && left + column < window) {
          result[(top + row) * window + left + column] = shared.seen[row][column];
        }
      }
    });
  }

private:
  LMC_HOST_DEVICE int squares_across() const { return divide_up(window, side); }

  LMC_HOST_DEVICE float value(int row, int column) const {
    const std::int64_t y = row - pad_rows;
    const std::int64_t x = column - pad_columns;
    const bool outside = y < 0 || y >= turned.height || x < 0 || x >= turned.width;
    return outside ? -1.0F : table[greys[turned.first + y * turned.step_y + x * turned.step_x]];
  }
};

} // namespace lmc::engine::cuda
