// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/window_kernels.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace lmc::engine::cuda {

namespace {

using Origins = std::span<const model::WindowOrigin>;

/// Calls action(first, origins) for as many windows as one launch takes.
template <class Action> void for_each_launch(Origins origins, const Action& action) {
  constexpr std::size_t most = WindowPlaces::most;
  for (std::size_t first = 0; first < origins.size(); first += most) {
    action(static_cast<std::int64_t>(first),
           origins.subspan(first, std::min(most, origins.size() - first)));
  }
}

WindowPlaces places_of(Origins origins) {
  WindowPlaces places{};
  for (const model::WindowOrigin& origin : origins) {
    places.y[places.count] = static_cast<int>(origin.y);
    places.x[places.count] = static_cast<int>(origin.x);
    ++places.count;
  }
  return places;
}

Box box_around(const WindowPlaces& places, int window) {
  const auto [top, bottom] = std::minmax_element(places.y, places.y + places.count);
  const auto [left, right] = std::minmax_element(places.x, places.x + places.count);
  return {.top = *top,
          .left = *left,
          .rows = *bottom - *top + window,
          .columns = *right - *left + window};
}

} // namespace

at::Tensor WindowKernels::gather(const model::GreySource& source, Origins origins,
                                 std::int64_t window) const {
  at::Tensor windows = at::empty({static_cast<std::int64_t>(origins.size()), 1, window, window},
                                 source.seen.options());
  for_each_launch(origins, [&](std::int64_t first, Origins some) {
    run(GatherWindows{.greys = source.greys.const_data_ptr<std::uint16_t>(),
                      .seen = source.seen.const_data_ptr<float>(),
                      .turned = source.turned,
                      .pad_rows = static_cast<int>(source.pad_rows),
                      .pad_columns = static_cast<int>(source.pad_columns),
                      .places = places_of(some),
                      .window = static_cast<int>(window),
                      .windows = windows.mutable_data_ptr<float>() + first * window * window});
  });
  return windows;
}

void WindowKernels::blend(const at::Tensor& predictions, Origins origins,
                          const model::BlendSums& sums) const {
  const at::Tensor organelles = predictions.contiguous();
  const std::int64_t per_window = organelles[0].numel();
  const int window = static_cast<int>(sums.weights.size(0));
  for_each_launch(origins, [&](std::int64_t first, Origins some) {
    const WindowPlaces places = places_of(some);
    BlendWindows kernel{.predictions = organelles.const_data_ptr<float>() + first * per_window,
                        .weights = sums.weights.const_data_ptr<float>(),
                        .places = places,
                        .window = window,
                        .box = box_around(places, window),
                        .channels = {},
                        .wanted = 0,
                        .rows = static_cast<int>(sums.weight_sum.size(0)),
                        .columns = static_cast<int>(sums.weight_sum.size(1)),
                        .sum = sums.sum.mutable_data_ptr<float>(),
                        .weight_sum = sums.weight_sum.mutable_data_ptr<float>()};
    for (const Organelle organelle : sums.organelles) {
      kernel.channels[kernel.wanted++] = static_cast<int>(channel_of(organelle));
    }
    run(kernel);
  });
}

} // namespace lmc::engine::cuda
