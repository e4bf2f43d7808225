// SPDX-License-Identifier: Apache-2.0
// Sums on store. Included once per instruction set (Highway's foreach_target).

#if defined(LMC_ENGINE_SUM_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LMC_ENGINE_SUM_VECTORS_INL
#undef LMC_ENGINE_SUM_VECTORS_INL
#else
#define LMC_ENGINE_SUM_VECTORS_INL
#endif

#include "engine/cpu/layers/micro_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// Running sums of some channels of a block; see BlockSums.
struct SumVectors {
  Vector pivot;
  Vector sum;
  Vector squares;

  // Spelled out: GCC compiles an implicit constructor without the instruction set of this file.
  HWY_INLINE SumVectors()
      : pivot{hn::Zero(Floats{})}, sum{hn::Zero(Floats{})}, squares{hn::Zero(Floats{})} {}

  HWY_INLINE void add(Vector value) {
    const Vector difference = hn::Sub(value, pivot);
    sum = hn::Add(sum, difference);
    squares = hn::MulAdd(difference, difference, squares);
  }
  HWY_INLINE void load(const float* sums, Index stride) {
    pivot = hn::LoadU(Floats{}, sums);
    sum = hn::LoadU(Floats{}, sums + stride);
    squares = hn::LoadU(Floats{}, sums + 2 * stride);
  }
  HWY_INLINE void store(float* sums, Index stride) const {
    hn::StoreU(pivot, Floats{}, sums);
    hn::StoreU(sum, Floats{}, sums + stride);
    hn::StoreU(squares, Floats{}, sums + 2 * stride);
  }
};

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
