// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/half.hpp"
#include "engine/cuda/kernels/stem_tile.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// A UNet++'s first convolution with its batch norm and ReLU, in float32 from the grey values: 7x7
/// from one channel, stride 2, zeros around the window;
/// result(y, x, c) = relu(factor(c) * sum + shift(c)).
struct StridedStem {
  using Tile = StemTile<2>;
  static constexpr int threads = Tile::threads;
  using Shared = Tile::Shared;

  const float* windows; ///< [count, height, width], both even
  const float* weights; ///< [7, 7, channels]
  const float* scale;   ///< factor, then shift [2, channels]
  int count;
  int height;
  int width;
  int channels; ///< a multiple of 8
  Half* result; ///< [count, height / 2, width / 2, channels]

  Grid grid() const { return tile().grid(count); }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    tile().run(
        block, shared, [&](int window, int y, int x) { return input(window, y, x); },
        [&](int window, int y, int x, int channel, const Float8& sums) {
          store(window, y, x, channel, sums);
        });
  }

private:
  LMC_HOST_DEVICE Tile tile() const {
    return {.weights = weights, .channels = channels, .height = height / 2, .width = width / 2};
  }

  LMC_HOST_DEVICE float input(int window, int y, int x) const {
    const bool outside = y < 0 || y >= height || x < 0 || x >= width;
    return outside ? 0 : windows[(static_cast<std::ptrdiff_t>(window) * height + y) * width + x];
  }

  LMC_HOST_DEVICE void store(int window, int y, int x, int channel, const Float8& sums) const {
    const auto factor = *reinterpret_cast<const Float8*>(scale + channel);
    const auto shift = *reinterpret_cast<const Float8*>(scale + channels + channel);
    Half8 y8;
    for (int i = 0; i < vector_channels; ++i) {
      y8.lane[i] = finite_half(sums.lane[i] * factor.lane[i] + shift.lane[i], true);
    }
    const std::ptrdiff_t place =
        (static_cast<std::ptrdiff_t>(window) * (height / 2) + y) * (width / 2) + x;
    *reinterpret_cast<Half8*>(result + place * channels + channel) = y8;
  }
};

} // namespace lmc::engine::cuda
