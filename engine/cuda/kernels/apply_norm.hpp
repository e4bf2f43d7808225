// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/activation.hpp"
#include "engine/cuda/kernels/block.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// The border that the next convolution finds around an activation.
struct Border {
  int before = 0;     ///< rows above and columns to the left
  int after = 0;      ///< below and to the right
  bool zeros = false; ///< of zeros; else reflected
};

/// What is added to an activation: the input of a residual block, with its border.
struct Residual {
  const Half* pixels; ///< [count, height + 2 border, width + 2 border, channels]; null: nothing
  int border;
};

/// Norm, ReLU, residual and border in one pass, written as the next convolution reads it:
/// y = relu((x - mean) * factor + shift) + residual.
///
/// A thread keeps the norm of its eight channels in registers for several pixels.
struct ApplyNorm {
  static constexpr int threads = 256;
  static constexpr int pixels_per_thread = 8;
  using Shared = NothingShared;

  Activation source;
  NormView norm;
  bool relu;
  Residual residual;
  Border border;
  int count;
  int channels;
  Half* result; ///< [count, height and width with the border, channels]

  Grid grid() const {
    const Lanes lanes{threads, channels};
    return {.x = divide_up(rows() * columns(), lanes.rows * pixels_per_thread), .y = count};
  }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& /*shared*/) const {
    const Lanes lanes{threads, channels};
    block.each([&](int thread) {
      if (!lanes.busy(thread)) {
        return;
      }
      const int channel = lanes.column(thread) * vector_channels;
      const VectorNorm vector_norm{norm, block.y, channel};
      int pixel = block.x * lanes.rows * pixels_per_thread + lanes.row(thread);
      for (int i = 0; i < pixels_per_thread && pixel < rows() * columns(); ++i) {
        write(vector_norm, block.y, pixel, channel);
        pixel += lanes.rows;
      }
    });
  }

private:
  LMC_HOST_DEVICE int rows() const { return source.height + border.before + border.after; }
  LMC_HOST_DEVICE int columns() const { return source.width + border.before + border.after; }

  LMC_HOST_DEVICE void write(const VectorNorm& vector_norm, int window, int pixel,
                             int channel) const {
    int y = pixel / columns() - border.before;
    int x = pixel % columns() - border.before;
    const bool outside = y < 0 || y >= source.height || x < 0 || x >= source.width;
    y = reflected(y, source.height);
    x = reflected(x, source.width);
    Half8 result8 = {};
    if (!(outside && border.zeros)) {
      Float8 value = vector_norm.of(source.pixels + source.offset(window, y, x) + channel, relu);
      add_residual(value, window, y, x, channel);
      for (int i = 0; i < vector_channels; ++i) {
        result8.lane[i] = to_half(value.lane[i]);
      }
    }
    const std::ptrdiff_t place =
        (static_cast<std::ptrdiff_t>(window) * rows() * columns() + pixel) * channels + channel;
    *reinterpret_cast<Half8*>(result + place) = result8;
  }

  LMC_HOST_DEVICE void add_residual(Float8& value, int window, int y, int x, int channel) const {
    if (residual.pixels == nullptr) {
      return;
    }
    const int across = source.width + 2 * residual.border;
    const std::ptrdiff_t row =
        static_cast<std::ptrdiff_t>(window) * (source.height + 2 * residual.border) + y +
        residual.border;
    const std::ptrdiff_t pixel = row * across + x + residual.border;
    const auto old = *reinterpret_cast<const Half8*>(residual.pixels + pixel * channels + channel);
    for (int i = 0; i < vector_channels; ++i) {
      value.lane[i] += to_float(old.lane[i]);
    }
  }
};

} // namespace lmc::engine::cuda
