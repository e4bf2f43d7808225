// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "compute/window_kernels.hpp"
#include "inference/batch_backoff.hpp"
#include "inference/preset.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>

namespace lmc::inference {

/// Called after every batch with the number of windows that it held.
using WindowsDone = std::function<void(std::int64_t windows)>;

/// Predicts a plane of any size window by window and blends the overlapping predictions:
/// sum(weight * prediction) / sum(weight), in float32, in row-major order of the windows.
///
/// Axes shorter than the window are padded with -1, the scaled zero, and cropped afterwards. The
/// same input gives the same bits; another batch size changes the result by the network's own
/// rounding only.
/// @param kernels cut and blend the windows
/// @param plane of `kernels`, turned
/// @param organelles channels that are kept, in this order
/// @return float32 [organelles, height, width] of the turned plane, on the kernels' device
/// @throws Interrupted between batches; Error as BatchRunner::predict
[[nodiscard]] at::Tensor slide_windows(const compute::WindowKernels& kernels,
                                       const compute::GreySource& plane,
                                       const WindowOptions& options,
                                       std::span<const Organelle> organelles, BatchRunner& runner,
                                       const WindowsDone& done = {});

} // namespace lmc::inference
