// SPDX-License-Identifier: Apache-2.0
#include "inference/placed_plane.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

namespace lmc::inference {

namespace {

template <class Number>
at::Tensor copied(std::span<const Number> numbers, at::IntArrayRef sizes, at::ScalarType type,
                  c10::Device device) {
  // from_blob takes what it may not write to as well.
  return at::from_blob(const_cast<Number*>(numbers.data()), sizes, type).to(device);
}

} // namespace

PlacedPlane place_plane(const GreyPlane& plane, c10::Device device,
                        const model::WindowKernels* kernels) {
  PlacedPlane placed{.plane = plane, .device = device, .kernels = kernels};
  if (kernels != nullptr) {
    placed.greys = copied(plane.pixels, {plane.height, plane.width}, at::kUInt16, device);
    placed.seen =
        copied(plane.seen, {static_cast<std::int64_t>(plane.seen.size())}, at::kFloat, device);
  }
  return placed;
}

WindowCutter::WindowCutter(const PlacedPlane& plane, std::int64_t quarter_turns,
                           const WindowGrid& grid)
    : plane_{plane}, window_{grid.window}, padding_{.rows = grid.rows.pad_before,
                                                    .columns = grid.columns.pad_before},
      turned_{model::turned_plane(plane.plane.height, plane.plane.width, quarter_turns)} {
  // On the host once for all windows, which read each pixel up to 25 times.
  if (plane.kernels == nullptr && quarter_turns != 0) {
    pixels_ = turned_pixels(plane.plane.pixels, turned_);
  }
}

at::Tensor WindowCutter::cut(std::span<const WindowOrigin> origins) const {
  if (plane_.kernels == nullptr) {
    return cut_on_host(origins);
  }
  return plane_.kernels->gather({.greys = plane_.greys,
                                 .seen = plane_.seen,
                                 .turned = turned_,
                                 .pad_rows = padding_.rows,
                                 .pad_columns = padding_.columns},
                                origins, window_);
}

at::Tensor WindowCutter::cut_on_host(std::span<const WindowOrigin> origins) const {
  const GreyPlane turned{.pixels = pixels_.empty() ? plane_.plane.pixels : pixels_,
                         .height = turned_.height,
                         .width = turned_.width,
                         .seen = plane_.plane.seen};
  // Page-locked memory, which LibTorch keeps for the next batch: a GPU copies it by itself while
  // the host goes on.
  const bool for_gpu = plane_.device.is_cuda();
  const at::Tensor windows =
      at::empty({static_cast<std::int64_t>(origins.size()), 1, window_, window_},
                at::TensorOptions{at::kFloat}.pinned_memory(for_gpu));
  gather_windows(turned, padding_, origins, windows);
  return windows.to(plane_.device, at::kFloat, for_gpu);
}

} // namespace lmc::inference
