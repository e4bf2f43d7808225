// SPDX-License-Identifier: Apache-2.0
#include "inference/window_grid.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lmc::inference {

namespace {

// Evaluated in double and cut off, as the reference does: 512 * (1 - 0.8) is 102.39..., hence 102.
std::int64_t interval_of(std::int64_t padded, std::int64_t window, double overlap) {
  if (padded == window) {
    return window;
  }
  const auto interval = static_cast<std::int64_t>(static_cast<double>(window) * (1 - overlap));
  return std::max<std::int64_t>(1, interval);
}

// The last two starts may be nearly the same; the one before the last then adds little.
void skip_near_duplicate(std::vector<std::int64_t>& starts, std::int64_t interval,
                         std::int64_t window) {
  if (starts.size() < 3) {
    return;
  }
  const auto before_last = starts.end() - 2;
  const std::int64_t last = starts.back();
  if (4 * (last - *before_last) < interval && last - *(before_last - 1) <= window) {
    starts.erase(before_last);
  }
}

} // namespace

void check_windows(std::int64_t window, double overlap) {
  if (window < 1 || window > max_window) {
    throw Error(ErrorCode::configuration, "window",
                fmt::format("{} pixels, allowed are 1 to {}", window, max_window),
                "give a window the network was trained for, usually 512");
  }
  if (!(overlap >= 0 && overlap < 1)) {
    throw Error(ErrorCode::configuration, "overlap",
                fmt::format("{}, allowed is 0 up to but not 1", overlap),
                "give the shared fraction of neighbouring windows, for example 0.8");
  }
}

WindowAxis window_axis(std::int64_t size, std::int64_t window, double overlap,
                       NearDuplicates near) {
  check_windows(window, overlap);
  WindowAxis axis;
  axis.size = size;
  axis.padded = std::max(size, window);
  axis.pad_before = (axis.padded - size) / 2;
  axis.pad_after = axis.padded - size - axis.pad_before;
  axis.interval = interval_of(axis.padded, window, overlap);
  const std::int64_t last = axis.padded - window;
  for (std::int64_t start = 0; start < last; start += axis.interval) {
    axis.starts.push_back(start);
  }
  axis.starts.push_back(last);
  if (near == NearDuplicates::skip) {
    skip_near_duplicate(axis.starts, axis.interval, window);
  }
  return axis;
}

std::int64_t WindowGrid::count() const {
  return static_cast<std::int64_t>(rows.starts.size() * columns.starts.size());
}

WindowOrigin WindowGrid::origin(std::int64_t index) const {
  const auto per_row = static_cast<std::int64_t>(columns.starts.size());
  return {.y = rows.starts.at(static_cast<std::size_t>(index / per_row)),
          .x = columns.starts.at(static_cast<std::size_t>(index % per_row))};
}

std::vector<WindowOrigin> WindowGrid::origins(std::int64_t first, std::int64_t count) const {
  std::vector<WindowOrigin> origins;
  for (std::int64_t index = first; index < first + count; ++index) {
    origins.push_back(origin(index));
  }
  return origins;
}

WindowGrid window_grid(std::int64_t height, std::int64_t width, std::int64_t window, double overlap,
                       NearDuplicates near) {
  return {.window = window,
          .rows = window_axis(height, window, overlap, near),
          .columns = window_axis(width, window, overlap, near)};
}

} // namespace lmc::inference
