// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lmc::inference {

/// Rotates the last two axes (y, x) by `quarter_turns` * 90 degrees counter-clockwise, as
/// numpy.rot90: the result of an odd number of turns has height and width exchanged.
/// @param planes [..., height, width]
[[nodiscard]] at::Tensor rotate(const at::Tensor& planes, std::int64_t quarter_turns);

/// The inverse of `rotate`.
[[nodiscard]] at::Tensor rotate_back(const at::Tensor& planes, std::int64_t quarter_turns);

} // namespace lmc::inference
