// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "model/storage/weights.hpp"

#include <ATen/core/Tensor.h>

namespace lmc::engine::test {

/// What CpuNetwork promises.
inline constexpr float tolerance = 1e-4F;

/// A network with weights by formula.
[[nodiscard]] model::Weights weights_of(const model::Architecture& architecture);

/// Random windows [count, 1, height, width].
[[nodiscard]] at::Tensor windows(std::int64_t count, std::int64_t height, std::int64_t width,
                                 unsigned seed = 1);

[[nodiscard]] float max_difference(const at::Tensor& a, const at::Tensor& b);

/// Largest difference between the engine and the plain module.
[[nodiscard]] float engine_error(const model::Weights& weights, const at::Tensor& input,
                                 Modality modality = Modality::bright_field);

/// Checks that neither the run, the number of threads, the batch nor an `earlier` size of windows
/// changes a bit of what the engine makes of three windows.
void check_same_bits(const model::Weights& weights, const at::Tensor& three_windows,
                     const at::Tensor& earlier);

} // namespace lmc::engine::test
