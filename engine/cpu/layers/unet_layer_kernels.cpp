// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/unet_layers.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/layers/unet_layer_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/layers/micro_kernel-inl.hpp"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// One row of a max pool's output.
void PoolRow(const float* input, Size size, Index channels, Index y, float* result) {
  const Floats d;
  const Index first_row = HWY_MAX(Index{0}, 2 * y - 1);
  for (Index x = 0; x < size.width / 2; ++x) {
    const Index first_column = HWY_MAX(Index{0}, 2 * x - 1);
    for (Index c = 0; c < channels; c += lanes) {
      Vector largest = hn::Zero(d);
      for (Index row = first_row; row <= 2 * y + 1; ++row) {
        for (Index column = first_column; column <= 2 * x + 1; ++column) {
          const float* const value = input + (row * size.width + column) * channels + c;
          largest = hn::Max(largest, hn::Load(d, value));
        }
      }
      hn::Store(largest, d, result + x * channels + c);
    }
  }
}

/// Some pixels of one plane.
void TanhPlane(const float* input, Index pixels, Index channels, float* result) {
  const Floats d;
  HWY_ALIGN float values[lanes];
  for (Index first = 0; first < pixels; first += lanes) {
    const Index count = HWY_MIN(lanes, pixels - first);
    for (Index i = 0; i < count; ++i) {
      values[i] = input[(first + i) * channels];
    }
    hn::Store(hn::Tanh(d, hn::Load(d, values)), d, values);
    for (Index i = 0; i < count; ++i) {
      result[first + i] = values[i];
    }
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lmc::engine::cpu {

HWY_EXPORT(PoolRow);
HWY_EXPORT(TanhPlane);

void max_pool(const float* input, Size size, Index channels, float* result, Team& team) {
  team.run(size.height / 2, [&](Index y, int) {
    HWY_DYNAMIC_DISPATCH(PoolRow)
    (input, size, channels, y, result + y * (size.width / 2) * channels);
  });
}

void tanh_planes(const float* input, const PlaneShape& shape, float* result, Team& team) {
  constexpr Index block_pixels = 4096;
  team.run(divide_up(shape.pixels, block_pixels), [&](Index block, int) {
    const Index first = block * block_pixels;
    const Index pixels = HWY_MIN(block_pixels, shape.pixels - first);
    for (Index plane = 0; plane < shape.planes; ++plane) {
      HWY_DYNAMIC_DISPATCH(TanhPlane)
      (input + first * shape.channels + plane, pixels, shape.channels,
       result + plane * shape.pixels + first);
    }
  });
}

} // namespace lmc::engine::cpu
#endif
