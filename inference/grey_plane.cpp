// SPDX-License-Identifier: Apache-2.0
#include "inference/grey_plane.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

namespace lmc::inference {

namespace {

// The scaled zero.
constexpr float padding_value = -1.0F;

// Side of the squares in which a plane is turned: their rows and columns stay in the L1 cache.
constexpr std::int64_t square = 64;

// Rows of windows that are worth a thread: some 20 us.
constexpr std::int64_t rows_per_task = 64;

/// Writes one row of a window.
void gather_row(const GreyPlane& plane, std::int64_t y, std::int64_t x, std::span<float> row) {
  const auto columns = static_cast<std::int64_t>(row.size());
  if (y < 0 || y >= plane.height) {
    std::fill(row.begin(), row.end(), padding_value);
    return;
  }
  const std::int64_t first = std::clamp<std::int64_t>(-x, 0, columns);
  const std::int64_t last = std::clamp<std::int64_t>(plane.width - x, first, columns);
  const std::uint16_t* const greys = plane.pixels.data() + y * plane.width;
  std::fill(row.begin(), row.begin() + first, padding_value);
  std::transform(greys + x + first, greys + x + last, row.begin() + first,
                 [seen = plane.seen.data()](std::uint16_t grey) { return seen[grey]; });
  std::fill(row.begin() + last, row.end(), padding_value);
}

void turn_square(std::span<const std::uint16_t> pixels, const model::TurnedPlane& turned,
                 std::int64_t top, std::int64_t left, std::span<std::uint16_t> result) {
  const std::int64_t bottom = std::min(turned.height, top + square);
  const std::int64_t right = std::min(turned.width, left + square);
  for (std::int64_t y = top; y < bottom; ++y) {
    for (std::int64_t x = left; x < right; ++x) {
      result[static_cast<std::size_t>(y * turned.width + x)] =
          pixels[static_cast<std::size_t>(turned.first + y * turned.step_y + x * turned.step_x)];
    }
  }
}

} // namespace

std::vector<std::uint16_t> turned_pixels(std::span<const std::uint16_t> pixels,
                                         const model::TurnedPlane& turned) {
  std::vector<std::uint16_t> result(pixels.size());
  const std::int64_t bands = (turned.height + square - 1) / square;
  at::parallel_for(0, bands, 1, [&](std::int64_t band, std::int64_t end) {
    for (; band < end; ++band) {
      for (std::int64_t left = 0; left < turned.width; left += square) {
        turn_square(pixels, turned, band * square, left, result);
      }
    }
  });
  return result;
}

void gather_windows(const GreyPlane& plane, const Padding& padding,
                    std::span<const model::WindowOrigin> origins, const at::Tensor& windows) {
  const std::int64_t window = windows.size(-1);
  auto* const values = windows.mutable_data_ptr<float>();
  const std::int64_t rows = static_cast<std::int64_t>(origins.size()) * window;
  at::parallel_for(0, rows, rows_per_task, [&](std::int64_t row, std::int64_t end) {
    for (; row < end; ++row) {
      const model::WindowOrigin& origin = origins[static_cast<std::size_t>(row / window)];
      gather_row(plane, origin.y - padding.rows + row % window, origin.x - padding.columns,
                 {values + row * window, static_cast<std::size_t>(window)});
    }
  });
}

} // namespace lmc::inference
