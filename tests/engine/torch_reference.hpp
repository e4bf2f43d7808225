// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/shape.hpp"

#include <ATen/core/Tensor.h>

#include <vector>

namespace lmc::engine::cpu::test {

/// An NHWC image in a buffer as [1, channels, height, width] in float64.
[[nodiscard]] at::Tensor planes_of(const Buffer& pixels, Size size, Index channels);

/// Numbers as a tensor of this shape in float64.
[[nodiscard]] at::Tensor tensor_of(const std::vector<float>& numbers, at::IntArrayRef shape);

/// Largest difference between a float64 tensor [1, channels, height, width] and an NHWC image.
[[nodiscard]] double largest_difference(const at::Tensor& exact, const Buffer& pixels);

} // namespace lmc::engine::cpu::test
