// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/half.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// How the pixels of an activation follow each other in memory.
enum class PixelOrder {
  rows, ///< row after row
  /// Of twice the size as a 2x2 convolution leaves it: for each pixel (y, x) of the smaller image
  /// its four children (2y, 2x), (2y, 2x+1), (2y+1, 2x), (2y+1, 2x+1).
  shuffled,
};

/// Raw outputs of a convolution, NHWC, or some channels of them.
struct Activation {
  const Half* pixels;
  int height;
  int width;
  int stride; ///< channels from one pixel to the next
  int first;  ///< channel that is the first of these
  PixelOrder order;

  LMC_HOST_DEVICE std::ptrdiff_t offset(int window, int y, int x) const {
    const std::ptrdiff_t pixel = order == PixelOrder::rows
                                     ? y * width + x
                                     : 4 * ((y / 2) * (width / 2) + x / 2) + 2 * (y % 2) + x % 2;
    return (static_cast<std::ptrdiff_t>(window) * height * width + pixel) * stride + first;
  }
};

/// A norm ready to be applied: y = (x - mean) * factor + shift.
struct NormView {
  const float* values; ///< rows mean, factor, shift [channels] for each window, or for all
  int channels;
  int first;       ///< channel that is the first of these
  bool per_window; ///< false: one norm for all windows

  LMC_HOST_DEVICE const float* row(int window, int index) const {
    return values + (static_cast<std::ptrdiff_t>(per_window ? window : 0) * 3 + index) * channels +
           first;
  }
};

/// Norm of eight channels, in registers.
struct VectorNorm {
  Float8 mean;
  Float8 factor;
  Float8 shift;

  LMC_HOST_DEVICE VectorNorm(const NormView& norm, int window, int channel)
      : mean{at(norm.row(window, 0) + channel)}, factor{at(norm.row(window, 1) + channel)},
        shift{at(norm.row(window, 2) + channel)} {}

  /// The norm of a vector, then ReLU if asked for. NaN stays NaN: fmaxf would hide it.
  LMC_HOST_DEVICE Float8 of(const Half* pixels, bool relu) const {
    const Half8 x = *reinterpret_cast<const Half8*>(pixels);
    Float8 y;
    for (int i = 0; i < vector_channels; ++i) {
      y.lane[i] = (to_float(x.lane[i]) - mean.lane[i]) * factor.lane[i] + shift.lane[i];
      y.lane[i] = relu && y.lane[i] < 0 ? 0 : y.lane[i];
    }
    return y;
  }

private:
  LMC_HOST_DEVICE static Float8 at(const float* values) {
    return *reinterpret_cast<const Float8*>(values);
  }
};

/// Index of the pixel that stands at `i` of an axis of `n` pixels reflected about its borders.
LMC_HOST_DEVICE constexpr int reflected(int i, int n) {
  const int positive = i < 0 ? -i : i;
  return positive < n ? positive : 2 * (n - 1) - positive;
}

/// As reflected(), for tiles that overhang the border and use only what lies within reach of it.
LMC_HOST_DEVICE constexpr int reflected_or_any(int i, int n) {
  const int index = reflected(i, n);
  return index < 0 ? 0 : index;
}

} // namespace lmc::engine::cuda
