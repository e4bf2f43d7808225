// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>

/// Marks what runs on a GPU and, for tests without one, on the host alike.
#ifdef __CUDACC__
#include <cuda_fp16.h>
#define LMC_HOST_DEVICE __host__ __device__
#else
#define LMC_HOST_DEVICE
#endif

namespace lmc::engine::cuda {

/// Channels that one thread reads and writes at once: 16 bytes.
inline constexpr int vector_channels = 8;

/// A binary16 number as it lies in memory.
struct Half {
  std::uint16_t bits;
};

/// Eight neighbouring channels. Plain arrays: std::array has no device functions.
struct alignas(16) Half8 {
  Half lane[vector_channels];
};
struct alignas(16) Float8 {
  float lane[vector_channels];
};

/// The same number in binary32; exact.
LMC_HOST_DEVICE inline float to_float(Half half) {
#ifdef __CUDA_ARCH__
  return __half2float(__ushort_as_half(half.bits));
#else
  const std::uint32_t sign = (half.bits & 0x8000U) << 16U;
  const std::uint32_t magnitude = half.bits & 0x7fffU;
  if (magnitude >= 0x7c00U) { // infinity, NaN
    return std::bit_cast<float>(sign | 0x7f800000U | (magnitude << 13U));
  }
  // The exponents' biases are 15 and 127; the product is exact for subnormal numbers too.
  const float value = std::bit_cast<float>(magnitude << 13U) * 0x1p112F;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
#endif
}

/// The nearest binary16 number, halves to even; above 65519 infinity.
LMC_HOST_DEVICE inline Half to_half(float value) {
#ifdef __CUDA_ARCH__
  return {__half_as_ushort(__float2half_rn(value))};
#else
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7fffffffU;
  const auto signed_bits = [sign](std::uint32_t half) {
    return Half{static_cast<std::uint16_t>(half | sign)};
  };
  if (magnitude > 0x7f800000U) {
    return signed_bits(0x7e00U); // NaN
  }
  if (magnitude >= 0x477ff000U) { // 65520
    return signed_bits(0x7c00U);
  }
  if (magnitude < 0x38800000U) { // 2^-14: subnormal, in units of 2^-24
    const float units = std::bit_cast<float>(magnitude) * 0x1p24F;
    return signed_bits(static_cast<std::uint32_t>(std::nearbyint(units)));
  }
  const std::uint32_t half_unit = 0xfffU + ((magnitude >> 13U) & 1U);
  return signed_bits((magnitude - (112U << 23U) + half_unit) >> 13U);
#endif
}

LMC_HOST_DEVICE inline Half8 to_half8(const Float8& values) {
  Half8 halves;
  for (int i = 0; i < vector_channels; ++i) {
    halves.lane[i] = to_half(values.lane[i]);
  }
  return halves;
}

/// A value, after ReLU if asked for, in half precision; NaN where the value is not finite or the
/// result beyond half precision. ReLU and tanh hide infinity, nothing hides NaN: a window with an
/// overflow anywhere ends as NaN and is predicted again in float32.
LMC_HOST_DEVICE inline Half finite_half(float value, bool relu) {
  constexpr float beyond = 65520; // from here on rounded to infinity
  const float y = relu && value < 0 && value >= -FLT_MAX ? 0 : value;
  return to_half(fabsf(y) < beyond ? y : nanf(""));
}

} // namespace lmc::engine::cuda
