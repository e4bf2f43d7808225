// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/window_kernels.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace lmc::inference {

/// An image as a network sees it, without a copy of its pixels. Nothing is owned.
struct GreyPlane {
  std::span<const std::uint16_t> pixels; ///< [height, width], row-major
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::span<const float> seen; ///< [grey_values], see seen_greys
};

/// The pixels in the order of the turned plane, row-major.
[[nodiscard]] std::vector<std::uint16_t> turned_pixels(std::span<const std::uint16_t> pixels,
                                                       const model::TurnedPlane& turned);

/// Rows and columns of padding in front of a plane.
struct Padding {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// Cuts windows [window, window] from a plane, on the host; what lies outside the plane is -1, the
/// scaled zero.
/// @param origins in the frame that the padding begins
/// @param windows float32 [origins, 1, window, window], contiguous, in host memory; is overwritten
void gather_windows(const GreyPlane& plane, const Padding& padding,
                    std::span<const model::WindowOrigin> origins, const at::Tensor& windows);

} // namespace lmc::inference
