// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "inference/batch_backoff.hpp"
#include "inference/placed_plane.hpp"
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
/// @param quarter_turns 0 to 3: how the plane is turned first, counter-clockwise
/// @param organelles channels that are kept, in this order
/// @return float32 [organelles, height, width] of the turned plane, on the plane's device
/// @throws Interrupted between batches; Error as BatchRunner::predict
[[nodiscard]] at::Tensor slide_windows(const PlacedPlane& plane, std::int64_t quarter_turns,
                                       const WindowOptions& options,
                                       std::span<const Organelle> organelles, BatchRunner& runner,
                                       const WindowsDone& done = {});

} // namespace lmc::inference
