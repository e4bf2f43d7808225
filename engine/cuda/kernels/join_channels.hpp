// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/block.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// Writes an image's channels to their place among those of a wider image, what several images with
/// their channels one after the other need, one launch for each. The image is doubled in size on
/// the way (nearest neighbour) if it is the coarser one of a decoder, which saves a pass over
/// memory.
struct JoinChannels {
  static constexpr int threads = 256;
  static constexpr int vectors_per_thread = 4;
  using Shared = NothingShared;

  const Half* source; ///< [count, height, width, channels]; of half the size if doubled
  bool doubled;
  int count;
  int height; ///< of the result
  int width;
  int channels; ///< of the source, a multiple of 8
  int first;    ///< channel of the result that is the first of these
  int stride;   ///< channels of the result
  Half* result; ///< [count, height, width, stride]

  Grid grid() const {
    return {.x = divide_up(vectors(), threads * vectors_per_thread), .y = count};
  }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& /*shared*/) const {
    block.each([&](int thread) {
      int i = block.x * threads * vectors_per_thread + thread;
      for (int turn = 0; turn < vectors_per_thread && i < vectors(); ++turn) {
        const int columns = channels / vector_channels;
        copy(block.y, i / columns, i % columns * vector_channels);
        i += threads;
      }
    });
  }

private:
  /// Of a window.
  LMC_HOST_DEVICE int vectors() const { return channels / vector_channels * height * width; }

  LMC_HOST_DEVICE void copy(int window, int pixel, int channel) const {
    const int by = doubled ? 2 : 1;
    const int y = pixel / width / by;
    const int x = pixel % width / by;
    const std::ptrdiff_t from =
        (static_cast<std::ptrdiff_t>(window) * (height / by) + y) * (width / by) + x;
    const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(window) * height * width + pixel;
    *reinterpret_cast<Half8*>(result + to * stride + first + channel) =
        *reinterpret_cast<const Half8*>(source + from * channels + channel);
  }
};

} // namespace lmc::engine::cuda
