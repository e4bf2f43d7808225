// SPDX-License-Identifier: Apache-2.0
// Norm on load. Included once per instruction set (Highway's foreach_target).

#if defined(LMC_ENGINE_NORM_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LMC_ENGINE_NORM_VECTORS_INL
#undef LMC_ENGINE_NORM_VECTORS_INL
#else
#define LMC_ENGINE_NORM_VECTORS_INL
#endif

#include "engine/cpu/layers/micro_kernel-inl.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// The norm of some channels.
struct NormVectors {
  Vector mean;
  Vector factor;
  Vector shift;

  HWY_INLINE NormVectors(const Source& source, Index channel)
      : mean{hn::LoadU(Floats{}, source.mean + channel)}, factor{hn::LoadU(Floats{}, source.factor +
                                                                                         channel)},
        shift{hn::LoadU(Floats{}, source.shift + channel)} {}

  template <bool Relu> HWY_INLINE Vector apply(Vector x) const {
    const Vector y = hn::MulAdd(hn::Sub(x, mean), factor, shift);
    if constexpr (Relu) {
      return hn::Max(y, hn::Zero(Floats{}));
    } else {
      return y;
    }
  }
};

/// In the place of NormVectors where a source has none.
struct NoNorm {
  HWY_INLINE NoNorm(const Source&, Index) {}
  template <bool> HWY_INLINE Vector apply(Vector x) const { return x; }
};

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
