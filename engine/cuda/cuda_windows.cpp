// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/cuda_windows.hpp"

#include "compute/host_windows.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace lmc::engine::cuda {

namespace {

using Origins = std::span<const compute::WindowOrigin>;

/// Calls action(first, origins) for as many windows as one launch takes.
template <class Action> void for_each_launch(Origins origins, const Action& action) {
  constexpr std::size_t most = WindowPlaces::most;
  for (std::size_t first = 0; first < origins.size(); first += most) {
    action(static_cast<Index>(first),
           origins.subspan(first, std::min(most, origins.size() - first)));
  }
}

WindowPlaces places_of(Origins origins) {
  WindowPlaces places{};
  for (const compute::WindowOrigin& origin : origins) {
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

compute::GreySource CudaWindows::place(const compute::InputPlane& plane) const {
  compute::GreySource source = compute::HostWindows{c10::Device{c10::DeviceType::CPU}}.place(plane);
  source.greys = source.greys.to(device_);
  source.table = source.table.to(device_);
  return source;
}

/// By index: no pixel moves.
compute::GreySource CudaWindows::turn(const compute::GreySource& placed,
                                      Index quarter_turns) const {
  compute::GreySource source = placed;
  source.turned = compute::turned_plane(placed.greys.size(0), placed.greys.size(1), quarter_turns);
  return source;
}

at::Tensor CudaWindows::gather(const compute::GreySource& source, Origins origins,
                               const compute::WindowFrame& frame) const {
  const Index window = frame.window;
  at::Tensor windows = at::empty({std::ssize(origins), 1, window, window}, source.table.options());
  for_each_launch(origins, [&](Index first, Origins some) {
    launch_(GatherWindows{.greys = source.greys.const_data_ptr<std::uint16_t>(),
                          .table = source.table.const_data_ptr<float>(),
                          .turned = source.turned,
                          .pad_rows = static_cast<int>(frame.pad_rows),
                          .pad_columns = static_cast<int>(frame.pad_columns),
                          .places = places_of(some),
                          .window = static_cast<int>(window),
                          .windows = windows.mutable_data_ptr<float>() + first * window * window});
  });
  return windows;
}

void CudaWindows::blend(const at::Tensor& predictions, Origins origins,
                        const compute::BlendSums& sums) const {
  const at::Tensor organelles = predictions.contiguous();
  const Index per_window = organelles[0].numel();
  const int window = static_cast<int>(sums.weights.size(0));
  for_each_launch(origins, [&](Index first, Origins some) {
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
    launch_(kernel);
  });
}

} // namespace lmc::engine::cuda
