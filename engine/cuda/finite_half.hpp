// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/half.hpp"

#include <cfloat>

namespace lmc::engine::cuda {

/// A value, after ReLU if asked for, in half precision; NaN where the value is not finite or the
/// result beyond half precision. ReLU and tanh hide infinity, nothing hides NaN: a window with an
/// overflow anywhere ends as NaN and is predicted again in float32.
LMC_HOST_DEVICE inline Half finite_half(float value, bool relu) {
  constexpr float beyond = 65520; // from here on rounded to infinity
  const float y = relu && value < 0 && value >= -FLT_MAX ? 0 : value;
  return to_half(fabsf(y) < beyond ? y : nanf(""));
}

} // namespace lmc::engine::cuda
