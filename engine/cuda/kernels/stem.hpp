// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/activation.hpp"
#include "engine/cuda/kernels/stem_tile.hpp"
#include "engine/cuda/kernels/window_contrast.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// A generator's first convolution, reflection by 3 and 7x7 from one channel, in float32 from the
/// grey values:
///   result(y, x, c) = sum over ky, kx of weight(ky, kx, c) * x'(y + ky - 3, x + kx - 3)
/// where x' is the centred and scaled window (window_contrast.hpp).
struct Stem {
  using Tile = StemTile<1>;
  static constexpr int threads = Tile::threads;
  using Shared = Tile::Shared;

  const float* windows; ///< [count, height, width]
  const Contrast* contrast;
  const float* weights; ///< [7, 7, channels]
  int count;
  int height;
  int width;
  int channels;
  Half* result; ///< [count, height, width, channels]

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
    return {.weights = weights, .channels = channels, .height = height, .width = width};
  }

  LMC_HOST_DEVICE float input(int window, int y, int x) const {
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(window) * height * width;
    const int pixel = reflected_or_any(y, height) * width + reflected_or_any(x, width);
    return (windows[first + pixel] - contrast[window].mean) * contrast[window].scale;
  }

  LMC_HOST_DEVICE void store(int window, int y, int x, int channel, const Float8& sums) const {
    const std::ptrdiff_t place = (static_cast<std::ptrdiff_t>(window) * height + y) * width + x;
    *reinterpret_cast<Half8*>(result + place * channels + channel) = to_half8(sums);
  }
};

} // namespace lmc::engine::cuda
