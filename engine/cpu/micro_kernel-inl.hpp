// SPDX-License-Identifier: Apache-2.0
// The inner loop of every convolution with many outputs: a small block of results is kept in
// registers while one float of the left factor is broadcast against a row of the right one.
// Included once per instruction set (Highway's foreach_target).

#if defined(LMC_ENGINE_MICRO_KERNEL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LMC_ENGINE_MICRO_KERNEL_INL
#undef LMC_ENGINE_MICRO_KERNEL_INL
#else
#define LMC_ENGINE_MICRO_KERNEL_INL
#endif

#include "engine/cpu/shape.hpp"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
inline constexpr Index lanes = HWY_LANES(float);

// Results in registers: 12 x 2 vectors of 32 registers (AVX-512), 6 x 2 of 16. Two vectors of the
// right factor and one broadcast per step leave the loads below the multiplications.
inline constexpr int panel_vectors = 2;
inline constexpr int kernel_rows = lanes == 16 ? 12 : 6;
inline constexpr Index panel_lanes = panel_vectors * lanes;

/// sums[r][v] = sum over k < depth of left(k)[r * left_stride] * right[k * Vectors + v].
/// @param left gives the address of row 0's float k
template <int Rows, int Vectors, class Left>
HWY_INLINE void multiply(Vector (&sums)[Rows][Vectors], Index depth, const Left& left,
                         Index left_stride, const float* HWY_RESTRICT right) {
  const Floats d;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      sums[r][v] = hn::Zero(d);
    }
  }
  for (Index k = 0; k < depth; ++k) {
    const float* HWY_RESTRICT a = left(k);
    Vector b[Vectors];
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      b[v] = hn::Load(d, right + v * lanes);
    }
    right += Vectors * lanes;
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const Vector broadcast = hn::Set(d, a[r * left_stride]);
#pragma GCC unroll 2
      for (int v = 0; v < Vectors; ++v) {
        sums[r][v] = hn::MulAdd(broadcast, b[v], sums[r][v]);
      }
    }
  }
}

/// Calls `body.template operator()<n>()` with the constant n = `rows` in [1, Most].
template <int Most, class Body> HWY_INLINE void with_rows(Index rows, const Body& body) {
  if constexpr (Most > 1) {
    if (rows < Most) {
      with_rows<Most - 1>(rows, body);
      return;
    }
  }
  body.template operator()<Most>();
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
