// SPDX-License-Identifier: Apache-2.0
#include "inference/sliding_window.hpp"

#include "common/interrupt.hpp"
#include "inference/blend_weights.hpp"
#include "inference/window_grid.hpp"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <vector>

namespace lmc::inference {

namespace {

// The scaled zero.
constexpr float padding_value = -1.0F;

at::Tensor padded(const at::Tensor& plane, const WindowGrid& grid) {
  const WindowAxis& rows = grid.rows;
  const WindowAxis& columns = grid.columns;
  if (rows.padded == rows.size && columns.padded == columns.size) {
    return plane;
  }
  return at::constant_pad_nd(
      plane, {columns.pad_before, columns.pad_after, rows.pad_before, rows.pad_after},
      padding_value);
}

at::Tensor cropped(const at::Tensor& planes, const WindowGrid& grid) {
  return planes.narrow(-2, grid.rows.pad_before, grid.rows.size)
      .narrow(-1, grid.columns.pad_before, grid.columns.size);
}

at::Tensor window_in(const at::Tensor& plane, const WindowGrid& grid, std::int64_t index) {
  const WindowOrigin origin = grid.origin(index);
  return plane.narrow(-2, origin.y, grid.window).narrow(-1, origin.x, grid.window);
}

at::Tensor gather(const at::Tensor& plane, const WindowGrid& grid, std::int64_t first,
                  std::int64_t count) {
  at::Tensor windows = at::empty({count, 1, grid.window, grid.window}, plane.options());
  for (std::int64_t i = 0; i < count; ++i) {
    windows.select(0, i).select(0, 0).copy_(window_in(plane, grid, first + i));
  }
  return windows;
}

/// Windows of the next batch so that all batches are nearly alike: a last one of few windows would
/// leave a GPU idle, and every shape costs a preparation.
std::int64_t next_batch(std::int64_t windows, std::int64_t most) {
  const std::int64_t batches = (windows + most - 1) / most;
  return (windows + batches - 1) / batches;
}

/// The running sums of one plane, in the padded frame.
struct Blend {
  const WindowGrid& grid;
  std::span<const Organelle> organelles;
  at::Tensor weights;    ///< of one window [window, window]
  at::Tensor sum;        ///< weight * prediction [organelles, rows, columns]
  at::Tensor weight_sum; ///< [rows, columns]

  // One channel at a time, so that channels nobody asked for cost nothing.
  void add(const at::Tensor& prediction, std::int64_t index) {
    for (std::size_t i = 0; i < organelles.size(); ++i) {
      const auto channel = static_cast<std::int64_t>(channel_of(organelles[i]));
      window_in(sum.select(0, static_cast<std::int64_t>(i)), grid, index)
          .addcmul_(prediction.select(0, channel), weights);
    }
    window_in(weight_sum, grid, index).add_(weights);
  }

  at::Tensor mean() { return cropped(sum.div_(weight_sum), grid); }
};

Blend empty_blend(const WindowGrid& grid, std::span<const Organelle> organelles,
                  std::vector<float>& weights, const at::TensorOptions& options) {
  const auto count = static_cast<std::int64_t>(organelles.size());
  return {.grid = grid,
          .organelles = organelles,
          .weights = at::from_blob(weights.data(), {grid.window, grid.window}, at::kFloat)
                         .to(options.device()),
          .sum = at::zeros({count, grid.rows.padded, grid.columns.padded}, options),
          .weight_sum = at::zeros({grid.rows.padded, grid.columns.padded}, options)};
}

} // namespace

at::Tensor slide_windows(const at::Tensor& plane, const WindowOptions& options,
                         std::span<const Organelle> organelles, BatchRunner& runner,
                         const WindowsDone& done) {
  const WindowGrid grid = grid_of(plane.size(0), plane.size(1), options);
  const at::Tensor image = padded(plane, grid);
  std::vector<float> weights = blend_weights(options.window, options.sigma, options.blending);
  Blend blend = empty_blend(grid, organelles, weights, image.options());
  for (std::int64_t next = 0; next < grid.count();) {
    throw_if_interrupted();
    const std::int64_t count = next_batch(grid.count() - next, runner.batch());
    for (const at::Tensor& part : runner.predict(gather(image, grid, next, count))) {
      for (std::int64_t i = 0; i < part.size(0); ++i) {
        blend.add(part[i], next++);
      }
    }
    if (done) {
      done(count);
    }
  }
  return blend.mean();
}

} // namespace lmc::inference
