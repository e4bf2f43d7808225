// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"
#include "engine/cuda/half_weights.hpp"

namespace lmc::engine::cuda {

/// Runs a generator on windows: activations in half precision, NHWC; statistics, norms and sums in
/// float32. Of every activation there are five passes over memory: written by its convolution, read
/// for the norm's sums, read and written by the norm, read by the next convolution.
/// @param windows float32 [n, 1, height, width], contiguous, on the weights' device; sides
/// multiples of 4 and at least 8
/// @return float32 [n, 4, height, width]; NaN where half precision overflowed
[[nodiscard]] at::Tensor run_generator(const HalfWeights& weights, const at::Tensor& windows,
                                       Backend& backend);

} // namespace lmc::engine::cuda
