// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lmc::compute {

/// A row-major plane seen after quarter turns, without moving a pixel: pixel (y, x) of the turned
/// plane is element `first + y * step_y + x * step_x` of the plane in memory.
struct TurnedPlane {
  std::int64_t height = 0; ///< of the turned plane
  std::int64_t width = 0;
  std::int64_t first = 0;
  std::int64_t step_y = 0;
  std::int64_t step_x = 0;
};

/// A plane [height, width] after `quarter_turns` * 90 degrees counter-clockwise, as numpy.rot90.
/// @param quarter_turns 0 to 3
[[nodiscard]] constexpr TurnedPlane turned_plane(std::int64_t height, std::int64_t width,
                                                 std::int64_t quarter_turns) {
  switch (quarter_turns) {
  case 1:
    return {width, height, width - 1, -1, width};
  case 2:
    return {height, width, height * width - 1, -width, -1};
  case 3:
    return {width, height, (height - 1) * width, 1, -width};
  default:
    return {height, width, 0, width, 1};
  }
}

} // namespace lmc::compute
