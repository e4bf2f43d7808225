// SPDX-License-Identifier: Apache-2.0
#include "inference/sliding_window.hpp"

#include "common/running/interrupt.hpp"
#include "inference/blend_weights.hpp"
#include "inference/window_grid.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <vector>

namespace lmc::inference {

namespace {

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

compute::BlendSums empty_sums(const WindowGrid& grid, const WindowOptions& options,
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

} // namespace

at::Tensor slide_windows(const compute::WindowKernels& kernels, const compute::GreySource& plane,
                         const WindowOptions& options, std::span<const Organelle> organelles,
                         BatchRunner& runner, const WindowsDone& done) {
  const WindowGrid grid = grid_of(plane.turned.height, plane.turned.width, options);
  const compute::WindowFrame frame{.window = grid.window,
                                   .pad_rows = grid.rows.pad_before,
                                   .pad_columns = grid.columns.pad_before};
  const compute::BlendSums sums = empty_sums(grid, options, organelles, kernels.device());
  for (std::int64_t first = 0; first < grid.count();) {
    throw_if_interrupted();
    const std::int64_t count = next_batch(grid.count() - first, runner.batch());
    const std::vector<WindowOrigin> origins = grid.origins(first, count);
    std::span<const WindowOrigin> left{origins};
    for (const at::Tensor& part : runner.predict(kernels.gather(plane, origins, frame))) {
      const auto windows = static_cast<std::size_t>(part.size(0));
      kernels.blend(part, left.first(windows), sums);
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
