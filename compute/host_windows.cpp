// SPDX-License-Identifier: Apache-2.0
#include "compute/host_windows.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>

namespace lmc::compute {

namespace {

using Greys = PlaneView<const std::uint16_t>;

// The scaled zero.
constexpr float padding_value = -1.0F;

// Side of the squares in which a plane is turned: their rows and columns stay in the L1 cache.
constexpr Index square = 64;

// Rows of windows that are worth a thread: some 20 us.
constexpr Index rows_per_task = 64;

/// A view of numbers in host memory. from_blob takes what it may not write to as well.
template <class Number>
at::Tensor view_of(const Number* numbers, at::IntArrayRef sizes, at::ScalarType type) {
  return at::from_blob(const_cast<Number*>(numbers), sizes, type);
}

/// Writes one row of a window.
void gather_row(Greys plane, const float* table, const WindowOrigin& place, std::span<float> row) {
  const Index columns = std::ssize(row);
  if (place.y < 0 || place.y >= plane.height()) {
    std::fill(row.begin(), row.end(), padding_value);
    return;
  }
  const Index first = std::clamp<Index>(-place.x, 0, columns);
  const Index last = std::clamp<Index>(plane.width() - place.x, first, columns);
  const std::uint16_t* const greys = plane.data() + place.y * plane.width() + place.x;
  std::fill(row.begin(), row.begin() + first, padding_value);
  std::transform(greys + first, greys + last, row.begin() + first,
                 [table](std::uint16_t grey) { return table[grey]; });
  std::fill(row.begin() + last, row.end(), padding_value);
}

void turn_square(const std::uint16_t* pixels, const TurnedPlane& turned, Index top, Index left,
                 PlaneView<std::uint16_t> result) {
  const Index bottom = std::min(turned.height, top + square);
  const Index right = std::min(turned.width, left + square);
  for (Index y = top; y < bottom; ++y) {
    for (Index x = left; x < right; ++x) {
      result(y, x) = pixels[turned.first + y * turned.step_y + x * turned.step_x];
    }
  }
}

at::Tensor window_in(const at::Tensor& plane, const WindowOrigin& origin,
                     const at::Tensor& weights) {
  return plane.narrow(0, origin.y, weights.size(0)).narrow(1, origin.x, weights.size(1));
}

// One channel at a time, so that channels nobody asked for cost nothing.
void blend_window(const at::Tensor& prediction, const WindowOrigin& origin, const BlendSums& sums) {
  for (Index i = 0; i < std::ssize(sums.organelles); ++i) {
    const Organelle organelle = sums.organelles[static_cast<std::size_t>(i)];
    window_in(sums.sum.select(0, i), origin, sums.weights)
        .addcmul_(prediction.select(0, static_cast<Index>(channel_of(organelle))), sums.weights);
  }
  window_in(sums.weight_sum, origin, sums.weights).add_(sums.weights);
}

} // namespace

GreySource HostWindows::place(const InputPlane& plane) const {
  const Greys greys = plane.greys;
  return {.greys = view_of(greys.data(), {greys.height(), greys.width()}, at::kUInt16),
          .table = view_of(plane.table.data(), {std::ssize(plane.table)}, at::kFloat),
          .turned = turned_plane(greys.height(), greys.width(), 0)};
}

GreySource HostWindows::turn(const GreySource& placed, Index quarter_turns) const {
  if (quarter_turns == 0) {
    return placed;
  }
  const TurnedPlane turned =
      turned_plane(placed.greys.size(0), placed.greys.size(1), quarter_turns);
  const at::Tensor greys = at::empty({turned.height, turned.width}, at::kUInt16);
  const auto* const pixels = placed.greys.const_data_ptr<std::uint16_t>();
  const PlaneView<std::uint16_t> result{greys.mutable_data_ptr<std::uint16_t>(), turned.height,
                                        turned.width};
  const Index bands = (turned.height + square - 1) / square;
  at::parallel_for(0, bands, 1, [&](Index band, Index end) {
    for (; band < end; ++band) {
      for (Index left = 0; left < turned.width; left += square) {
        turn_square(pixels, turned, band * square, left, result);
      }
    }
  });
  return {.greys = greys,
          .table = placed.table,
          .turned = turned_plane(turned.height, turned.width, 0)};
}

at::Tensor HostWindows::gather(const GreySource& source, std::span<const WindowOrigin> origins,
                               const WindowFrame& frame) const {
  const Greys greys{source.greys.const_data_ptr<std::uint16_t>(), source.greys.size(0),
                    source.greys.size(1)};
  // Page-locked memory, which LibTorch keeps for the next batch: a GPU copies it by itself while
  // the host goes on.
  const bool for_gpu = device_.is_cuda();
  const at::Tensor windows = at::empty({std::ssize(origins), 1, frame.window, frame.window},
                                       at::TensorOptions{at::kFloat}.pinned_memory(for_gpu));
  auto* const values = windows.mutable_data_ptr<float>();
  const auto* const table = source.table.const_data_ptr<float>();
  at::parallel_for(0, std::ssize(origins) * frame.window, rows_per_task, [&](Index row, Index end) {
    for (; row < end; ++row) {
      const WindowOrigin& origin = origins[static_cast<std::size_t>(row / frame.window)];
      gather_row(
          greys, table,
          {.y = origin.y - frame.pad_rows + row % frame.window, .x = origin.x - frame.pad_columns},
          {values + row * frame.window, static_cast<std::size_t>(frame.window)});
    }
  });
  return windows.to(device_, at::kFloat, for_gpu);
}

void HostWindows::blend(const at::Tensor& predictions, std::span<const WindowOrigin> origins,
                        const BlendSums& sums) const {
  for (Index i = 0; i < std::ssize(origins); ++i) {
    blend_window(predictions[i], origins[static_cast<std::size_t>(i)], sums);
  }
}

} // namespace lmc::compute
