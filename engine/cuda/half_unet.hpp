// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"
#include "engine/cuda/half_unet_weights.hpp"

#include <cstdint>

namespace lmc::engine::cuda {

/// Runs a UNet++ on windows: activations in half precision, NHWC; the stem, biases and sums in
/// float32. An activation passes memory four times: written by its convolution, read and written
/// with its bias, residual and ReLU, read by the next convolution.
/// @param windows float32 [n, 1, height, width], contiguous, on the weights' device; sides
/// multiples of 32
/// @return float32 [n, 4, height, width]; NaN where half precision overflowed
[[nodiscard]] at::Tensor run_unet(const HalfUnetWeights& weights, const at::Tensor& windows,
                                  Backend& backend);

/// Most bytes that run_unet() has allocated at any one time, its result among them and cuDNN's work
/// space not.
/// @param count windows @param height, width multiples of 32
[[nodiscard]] std::uint64_t unet_bytes(const HalfUnetWeights& weights, std::int64_t count,
                                       std::int64_t height, std::int64_t width);

} // namespace lmc::engine::cuda
