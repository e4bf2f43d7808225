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

/// Asks for a cache line in the L1 cache, to be read or written soon.
HWY_INLINE void fetch_soon(const float* line) {
#if HWY_COMPILER_GCC || HWY_COMPILER_CLANG
  __builtin_prefetch(line, 0, 3);
#endif
}

/// Asks for a cache line in the L2 cache.
HWY_INLINE void fetch_ahead(const float* line) {
#if HWY_COMPILER_GCC || HWY_COMPILER_CLANG
  __builtin_prefetch(line, 0, 2);
#endif
}

/// `row`, of which the compiler knows no more than that. It would otherwise keep one pointer for
/// each of twelve rows, more than there are registers, and fetch those that are left over from
/// vector registers, in the time of a multiplication. From two of the rows the others are a few
/// multiples of the stride away. ms on one thread of an Intel Xeon with AVX-512 without and
/// with it: 1x1, 256 to 512 channels at 128x128 31.1 and 29.8; transposed, 128 to 64 at 256x256
/// 58.5 and 57.0.
HWY_INLINE const float* opaque(const float* row) {
#if HWY_COMPILER_GCC || HWY_COMPILER_CLANG
  asm("" : "+r"(row));
#endif
  return row;
}

/// The lines of the next panel that a block of rows asks for while it is multiplied, one in each of
/// `depth` steps. The kernels of a layer are larger than the L2 cache, and what the processor
/// fetches by itself comes too late: ms without and with it on one thread of an Intel Xeon with
/// AVX-512, 256 to 256 channels at 128x128 48 and 44, 1536 to 512 at 64x64 242 and 142; 1x1, 4096
/// to 2048 at 16x16 38 and 32.
HWY_INLINE const float* lines_ahead(const float* panel, Index depth, Index block) {
  return panel + depth * (panel_lanes + block % panel_vectors * line_floats);
}

/// sums[r][v] = sum over k < depth of left(k)[r * left_stride] * right[k * Vectors + v].
/// @param left gives the address of row 0's float k
/// @param ahead `depth` cache lines that are needed soon
template <int Rows, int Vectors, class Left>
HWY_INLINE void multiply(Vector (&sums)[Rows][Vectors], Index depth, const Left& left,
                         Index left_stride, const float* HWY_RESTRICT right, const float* ahead) {
  const Floats d;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      sums[r][v] = hn::Zero(d);
    }
  }
  // Two steps share the loop's own instructions: a step of 6 x 2 takes 12 multiplications, which
  // last six cycles, and 29 instructions, or 26 so, of which older processors start four a cycle.
  // By llvm-mca 7.3 and 6.5 cycles a step on Haswell and Broadwell; no difference on an AMD EPYC of
  // Zen 4, which starts six (measured, AVX2 and AVX-512).
#pragma GCC unroll 2
  for (Index k = 0; k < depth; ++k) {
    constexpr int half = (Rows + 1) / 2;
    const float* const upper = opaque(left(k));
    const float* const lower = opaque(upper + half * left_stride);
    Vector b[Vectors];
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      b[v] = hn::Load(d, right + v * lanes);
    }
    right += Vectors * lanes;
    fetch_ahead(ahead + k * line_floats);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const float* const row =
          r < half ? upper + r * left_stride : lower + (r - half) * left_stride;
      const Vector broadcast = hn::Set(d, *row);
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
