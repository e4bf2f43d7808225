// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/block.hpp"
#include "engine/cuda/kernels/half.hpp"

#include <cstddef>

namespace lmc::engine::cuda {

/// Bias, residual and ReLU behind a convolution in one pass: y = relu(x + bias + residual), summed
/// in float32. NaN wherever the convolution or the residual is not finite.
struct AddBias {
  static constexpr int threads = 256;
  static constexpr int vectors_per_thread = 4;
  using Shared = NothingShared;

  const Half* source;   ///< [count, pixels, channels]
  const float* bias;    ///< [channels]
  const Half* residual; ///< as the source; null: nothing
  bool relu;
  int count;
  int pixels;   ///< of each window
  int channels; ///< a multiple of 8
  Half* result; ///< as the source, or the source itself

  Grid grid() const {
    return {.x = divide_up(vectors(), threads * vectors_per_thread), .y = count};
  }

  template <class Block> LMC_HOST_DEVICE void operator()(Block& block, Shared& /*shared*/) const {
    const std::ptrdiff_t window = static_cast<std::ptrdiff_t>(block.y) * vectors();
    block.each([&](int thread) {
      // Neighbouring threads take neighbouring vectors, so that memory is read in lines.
      int i = block.x * threads * vectors_per_thread + thread;
      for (int turn = 0; turn < vectors_per_thread && i < vectors(); ++turn) {
        write((window + i) * vector_channels, i % (channels / vector_channels) * vector_channels);
        i += threads;
      }
    });
  }

private:
  /// Of a window.
  LMC_HOST_DEVICE int vectors() const { return channels / vector_channels * pixels; }

  LMC_HOST_DEVICE void write(std::ptrdiff_t place, int channel) const {
    const auto x = *reinterpret_cast<const Half8*>(source + place);
    const auto bias8 = *reinterpret_cast<const Float8*>(bias + channel);
    Half8 old = {};
    if (residual != nullptr) {
      old = *reinterpret_cast<const Half8*>(residual + place);
    }
    Half8 y;
    for (int i = 0; i < vector_channels; ++i) {
      y.lane[i] = finite_half(to_float(x.lane[i]) + bias8.lane[i] + to_float(old.lane[i]), relu);
    }
    *reinterpret_cast<Half8*>(result + place) = y;
  }
};

} // namespace lmc::engine::cuda
