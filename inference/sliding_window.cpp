// SPDX-License-Identifier: Apache-2.0
#include "inference/sliding_window.hpp"

#include "common/interrupt.hpp"
#include "inference/blend_weights.hpp"
#include "inference/window_grid.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <vector>

namespace lmc::inference {

namespace {

/// The grid of a plane after quarter turns.
WindowGrid turned_grid(const GreyPlane& plane, std::int64_t quarter_turns,
                       const WindowOptions& options) {
  const bool on_its_side = quarter_turns % 2 != 0;
  return grid_of(on_its_side ? plane.width : plane.height, on_its_side ? plane.height : plane.width,
                 options);
}

at::Tensor cropped(const at::Tensor& planes, const WindowGrid& grid) {
  return planes.narrow(-2, grid.rows.pad_before, grid.rows.size)
      .narrow(-1, grid.columns.pad_before, grid.columns.size);
}

/// Windows of the next batch so that all batches are nearly alike: a last one of few windows would
/// leave a GPU idle, and every shape costs a preparation.
std::int64_t next_batch(std::int64_t windows, std::int64_t most) {
  const std::int64_t batches = (windows + most - 1) / most;
  return (windows + batches - 1) / batches;
}

model::BlendSums empty_sums(const WindowGrid& grid, const WindowOptions& options,
                            std::span<const Organelle> organelles, c10::Device device) {
  std::vector<float> weights = blend_weights(options.window, options.sigma, options.blending);
  const auto count = static_cast<std::int64_t>(organelles.size());
  const at::TensorOptions floats = at::TensorOptions{at::kFloat}.device(device);
  return {.organelles = organelles,
          .weights = at::from_blob(weights.data(), {grid.window, grid.window}, at::kFloat)
                         .to(device, at::kFloat, false, true),
          .sum = at::zeros({count, grid.rows.padded, grid.columns.padded}, floats),
          .weight_sum = at::zeros({grid.rows.padded, grid.columns.padded}, floats)};
}

at::Tensor window_in(const at::Tensor& plane, const WindowOrigin& origin,
                     const at::Tensor& weights) {
  return plane.narrow(0, origin.y, weights.size(0)).narrow(1, origin.x, weights.size(1));
}

// One channel at a time, so that channels nobody asked for cost nothing.
void blend_window(const at::Tensor& prediction, const WindowOrigin& origin,
                  const model::BlendSums& sums) {
  for (std::size_t i = 0; i < sums.organelles.size(); ++i) {
    const auto channel = static_cast<std::int64_t>(channel_of(sums.organelles[i]));
    window_in(sums.sum.select(0, static_cast<std::int64_t>(i)), origin, sums.weights)
        .addcmul_(prediction.select(0, channel), sums.weights);
  }
  window_in(sums.weight_sum, origin, sums.weights).add_(sums.weights);
}

void blend(const at::Tensor& predictions, std::span<const WindowOrigin> origins,
           const model::BlendSums& sums, const model::WindowKernels* kernels) {
  if (kernels != nullptr) {
    return kernels->blend(predictions, origins, sums);
  }
  for (std::size_t i = 0; i < origins.size(); ++i) {
    blend_window(predictions[static_cast<std::int64_t>(i)], origins[i], sums);
  }
}

} // namespace

at::Tensor slide_windows(const PlacedPlane& plane, std::int64_t quarter_turns,
                         const WindowOptions& options, std::span<const Organelle> organelles,
                         BatchRunner& runner, const WindowsDone& done) {
  const WindowGrid grid = turned_grid(plane.plane, quarter_turns, options);
  const WindowCutter cutter{plane, quarter_turns, grid};
  const model::BlendSums sums = empty_sums(grid, options, organelles, plane.device);
  for (std::int64_t first = 0; first < grid.count();) {
    throw_if_interrupted();
    const std::int64_t count = next_batch(grid.count() - first, runner.batch());
    const std::vector<WindowOrigin> origins = grid.origins(first, count);
    std::span<const WindowOrigin> left{origins};
    for (const at::Tensor& part : runner.predict(cutter.cut(origins))) {
      const auto windows = static_cast<std::size_t>(part.size(0));
      blend(part, left.first(windows), sums, plane.kernels);
      left = left.subspan(windows);
    }
    first += count;
    if (done) {
      done(count);
    }
  }
  at::Tensor sum = sums.sum;
  return cropped(sum.div_(sums.weight_sum), grid);
}

} // namespace lmc::inference
