// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/window_kernels.hpp"

#include <cstdint>
#include <vector>

namespace lmc::inference {

/// Largest window that is accepted, pixels: one beyond it would not fit any memory.
inline constexpr std::int64_t max_window = 16384;

/// Positions of the windows along one axis of an image. Plain geometry, pixels throughout.
struct WindowAxis {
  std::int64_t size = 0;            ///< of the image
  std::int64_t padded = 0;          ///< max(size, window)
  std::int64_t pad_before = 0;      ///< (padded - size) / 2, rounded down
  std::int64_t pad_after = 0;       ///< the rest
  std::int64_t interval = 0;        ///< between two starts; the window if there is only one
  std::vector<std::int64_t> starts; ///< of the windows in the padded axis, ascending
};

using compute::WindowOrigin;

/// All windows of an image, row-major.
struct WindowGrid {
  std::int64_t window = 0; ///< side length
  WindowAxis rows;
  WindowAxis columns;

  [[nodiscard]] std::int64_t count() const;
  /// @param index in [0, count())
  [[nodiscard]] WindowOrigin origin(std::int64_t index) const;
  /// Of `count` windows from window `first` on.
  [[nodiscard]] std::vector<WindowOrigin> origins(std::int64_t first, std::int64_t count) const;
};

/// What becomes of a window that the last one, moved back to the border, nearly repeats.
enum class NearDuplicates { keep, skip };

/// Windows along an axis of `size` pixels, as in MONAI's sliding-window inference (0.9 and 1.x
/// alike).
///
/// NearDuplicates::skip is an approximation of our own: if the last window starts less than a
/// quarter of the interval after the one before, that one is left out, unless pixels would then lie
/// in no window.
/// @param size at least 1
/// @param window side length, 1 to max_window
/// @param overlap of neighbouring windows as a fraction of the window, in [0, 1)
/// @throws Error configuration for a window or an overlap outside these ranges
[[nodiscard]] WindowAxis window_axis(std::int64_t size, std::int64_t window, double overlap,
                                     NearDuplicates near = NearDuplicates::keep);

/// Windows of an image of `height` x `width` pixels. @throws as window_axis
[[nodiscard]] WindowGrid window_grid(std::int64_t height, std::int64_t width, std::int64_t window,
                                     double overlap, NearDuplicates near = NearDuplicates::keep);

/// @throws Error configuration unless `window` is in [1, max_window] and `overlap` is in [0, 1)
void check_windows(std::int64_t window, double overlap);

} // namespace lmc::inference
