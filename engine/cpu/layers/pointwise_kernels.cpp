// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/pointwise.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/layers/pointwise_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/layers/micro_kernel-inl.hpp"

#include <cfloat>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// Pixels of the block, a row each.
void copy_pixels(const PointwiseBlock& b) {
  const Floats d;
  const Index inputs = b.sizes.inputs;
  for (Index i = 0; i < b.pixels; ++i) {
    const Index pixel = b.first_pixel + i;
    const Index y = pixel / b.output_width * b.sizes.stride;
    const Index x = pixel % b.output_width * b.sizes.stride;
    const float* const in = b.images.input + (y * b.input_width + x) * inputs;
    float* const out = b.scratch + i * (inputs + line_floats);
    for (Index c = 0; c < inputs; c += lanes) {
      hn::Store(hn::Load(d, in + c), d, out + c);
    }
  }
}

/// Index of a value of the result.
HWY_INLINE Index result_index(const PointwiseBlock& b, Index row, Index channel) {
  return (b.first_pixel + row) * b.sizes.outputs + channel;
}

/// Asks for the cache lines that the products of some rows are written to, and the residual's,
/// which arrive while the rows are multiplied. ms on one thread of an Intel Xeon with AVX-512
/// without and with it: 256 to 512 channels at 128x128 32.0 and 30.8.
template <int Rows, int Vectors>
HWY_INLINE void fetch_results(const PointwiseBlock& b, Index first, Index channel) {
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) {
      const Index at = result_index(b, first + r, channel + v * lanes);
      fetch_soon(b.images.result + at);
      if (b.images.residual != nullptr) {
        fetch_soon(b.images.residual + at);
      }
    }
  }
}

/// Some rows of the scratch times one panel: bias, residual and activation are applied in
/// registers.
template <int Rows, int Vectors>
void multiply_pixels(const PointwiseBlock& b, Index first, Index channel, const float* ahead) {
  const Floats d;
  const Index stride = b.sizes.inputs + line_floats;
  fetch_results<Rows, Vectors>(b, first, channel);
  Vector sums[Rows][Vectors];
  multiply(
      sums, b.sizes.inputs, [left = b.scratch + first * stride](Index k) { return left + k; },
      stride, b.kernels + channel * b.sizes.inputs, ahead);
  const Vector least = hn::Set(d, b.relu ? 0.0F : -FLT_MAX);
#pragma GCC unroll 2
  for (int v = 0; v < Vectors; ++v) {
    const Vector bias = hn::Load(d, b.bias + channel + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const Index at = result_index(b, first + r, channel + v * lanes);
      Vector value = hn::Add(sums[r][v], bias);
      if (b.images.residual != nullptr) {
        value = hn::Add(value, hn::Load(d, b.images.residual + at));
      }
      hn::Store(hn::Max(value, least), d, b.images.result + at);
    }
  }
}

void RunPointwiseBlock(const PointwiseBlock& b) {
  copy_pixels(b);
  const Index rows = divide_up(b.pixels, divide_up(b.pixels, Index{kernel_rows}));
  for (Index c = b.first_output; c < b.first_output + b.outputs; c += panel_lanes) {
    const bool whole = b.sizes.outputs - c >= panel_lanes;
    for (Index first = 0, block = 0; first < b.pixels; first += rows, ++block) {
      const float* const ahead = lines_ahead(b.kernels + c * b.sizes.inputs, b.sizes.inputs, block);
      with_rows<kernel_rows>(HWY_MIN(rows, b.pixels - first), [&]<int Rows>() {
        whole ? multiply_pixels<Rows, panel_vectors>(b, first, c, ahead)
              : multiply_pixels<Rows, 1>(b, first, c, ahead);
      });
    }
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lmc::engine::cpu {

HWY_EXPORT(RunPointwiseBlock);

void run_pointwise_block(const PointwiseBlock& block) {
  HWY_DYNAMIC_DISPATCH(RunPointwiseBlock)(block);
}

} // namespace lmc::engine::cpu
#endif
