// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/block.hpp"
#include "engine/cuda/kernels/half.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// What is done to a window's grey values x before they are rounded to half precision:
/// x' = (x - mean) * scale, with scale a power of two so that x' has a deviation near 1.
///
/// Half precision has steps of 5e-4 near -1, more than the whole contrast of a dark image. The
/// instance norm behind the first convolution undoes both: it does not see the mean, and with
/// epsilon * scale^2 for epsilon it yields the same numbers.
struct Contrast {
  float mean;
  float scale;
};

/// Measures the contrast of each window, one block a window, float32 around the first pixel.
struct MeasureContrast {
  static constexpr int threads = 1024;
  struct Shared {
    float sum[threads];
    float squares[threads];
  };

  const float* windows; ///< [count, pixels]
  int count;
  int pixels;
  Contrast* contrast; ///< [count]

  Grid grid() const { return {.x = count}; }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& shared) const {
    const float* const window = windows + static_cast<std::ptrdiff_t>(block.x) * pixels;
    const float pivot = window[0];
    block.each([&](int thread) {
      float sum = 0;
      float squares = 0;
      for (int i = thread; i < pixels; i += threads) {
        const float difference = window[i] - pivot;
        sum += difference;
        squares += difference * difference;
      }
      shared.sum[thread] = sum;
      shared.squares[thread] = squares;
    });
    for (int half = threads / 2; half > 0; half /= 2) {
      block.each([&](int thread) {
        if (thread < half) {
          shared.sum[thread] += shared.sum[thread + half];
          shared.squares[thread] += shared.squares[thread + half];
        }
      });
    }
    block.each([&](int thread) {
      if (thread == 0) {
        contrast[block.x] = contrast_of(pivot, shared.sum[0], shared.squares[0]);
      }
    });
  }

private:
  LMC_HOST_DEVICE Contrast contrast_of(float pivot, float sum, float squares) const {
    const auto n = static_cast<float>(pixels);
    const float mean = sum / n;
    const float variance = squares / n - mean * mean;
    // 2^24: beyond it float32 grey values have no contrast either.
    constexpr float most = 24;
    const float exponent = variance > 0 ? -rintf(0.5F * log2f(variance)) : 0;
    return {.mean = pivot + mean,
            .scale = ldexpf(1, static_cast<int>(fminf(fmaxf(exponent, -most), most)))};
  }
};

} // namespace lmc::engine::cuda
