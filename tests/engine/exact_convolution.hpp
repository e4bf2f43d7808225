// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"

#include <functional>
#include <vector>

namespace lmc::engine::cpu::test {

/// Numbers of a normal distribution, the same on every run.
[[nodiscard]] std::vector<float> normal_numbers(Index count, unsigned seed, float deviation = 1);
[[nodiscard]] Buffer normal_buffer(Index count, unsigned seed);

/// The value of a source's pixel in float64: norm, ReLU, residual.
[[nodiscard]] double value_of(const Source& source, Index channels, Index pixel, Index channel);

/// A 3x3 convolution by its definition, in float64: [height, width, outputs].
[[nodiscard]] std::vector<double> exact_convolution(ConvKind kind, const Source& source, Size size,
                                                    Index inputs, Index outputs,
                                                    const std::vector<float>& weights);

/// Runs `body` once for every instruction set of this machine, restricted to it.
void for_each_instruction_set(const std::function<void()>& body);

} // namespace lmc::engine::cpu::test
