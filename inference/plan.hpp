// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/window_kernels.hpp"
#include "inference/predictor.hpp"

#include <cstdint>
#include <functional>

// What a prediction takes, known before it runs.

namespace lmc::inference {

/// Peak bytes of `predict` besides the image and the networks. With n = height x width, p = the
/// same after padding to the window, c = organelles of the route and u = organelles of its largest
/// use: 4 (c n + u p + p) bytes, and 2 n more if the image is rotated. For four organelles of one
/// network 38 n: 3.8 GB for 10,000 x 10,000 pixels; 36 n without rotations.
[[nodiscard]] std::uint64_t memory_needed(Index height, Index width, const Route& route,
                                          const WindowOptions& options);

/// Runs `action` with the bytes that are left for networks on the host.
/// @throws Error configuration for window options; memory when the planes alone do not fit or
///   memory is out, naming the image
void within_memory(const image::TransmittedLight& image, const Route& route,
                   const PredictOptions& options,
                   const std::function<void(std::uint64_t network_memory)>& action);

/// What is to cut and blend the windows of a plane: the network's own device, if its memory holds
/// the sums beside the network; else the host.
/// @param organelles that are kept
[[nodiscard]] const compute::WindowKernels& kernels_for(const compute::InputPlane& plane,
                                                        Index organelles,
                                                        const WindowOptions& options,
                                                        const BatchRunner& runner);

/// Adds the windows of all networks up for `options.progress`.
[[nodiscard]] WindowsDone progress_of(const image::TransmittedLight& image, const Route& route,
                                      const PredictOptions& options);

} // namespace lmc::inference
