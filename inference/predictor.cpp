// SPDX-License-Identifier: Apache-2.0
// The method's inference, in the order of docs/inference.md. What it takes of memory stands in
// plan.cpp, what happens when memory is out in batch_backoff.cpp; images are read and written
// elsewhere.
#include "inference/predictor.hpp"

#include "inference/normalisation.hpp"
#include "inference/plan.hpp"

#include <ATen/ops/rot90.h>
#include <c10/core/InferenceMode.h>

namespace lmc::inference {

namespace {

/// Turns planes [..., height, width] back after quarter turns counter-clockwise.
at::Tensor turned_back(const at::Tensor& planes, Index quarter_turns) {
  return quarter_turns == 0 ? planes : at::rot90(planes, -quarter_turns, {-2, -1});
}

} // namespace

at::Tensor predict_plane(const compute::InputPlane& plane, const WindowOptions& options,
                         std::span<const Organelle> organelles, BatchRunner& runner,
                         const WindowsDone& done) {
  const auto count = static_cast<Index>(organelles.size());
  const compute::WindowKernels& kernels = kernels_for(plane, count, options, runner);
  const compute::GreySource placed = kernels.place(plane);
  const std::span<const Index> rotations = quarter_turns_of(options.rotations);
  at::Tensor mean;
  for (const Index quarter_turns : rotations) {
    const at::Tensor blended = slide_windows(kernels, kernels.turn(placed, quarter_turns), options,
                                             organelles, runner, done);
    if (!mean.defined()) {
      // The first of every augmentation is not rotated: its buffer becomes the sum.
      mean = turned_back(blended, quarter_turns).contiguous();
      continue;
    }
    // One organelle at a time: turning back copies.
    for (Index i = 0; i < count; ++i) {
      mean[i].add_(turned_back(blended[i], quarter_turns));
    }
  }
  return mean.div_(static_cast<double>(rotations.size())).cpu();
}

OrganellePrediction predict(const image::TransmittedLight& image, const Route& route,
                            const NetworkSource& networks, const PredictOptions& options) {
  const c10::InferenceMode no_gradients;
  const WindowsDone done = progress_of(image, route, options);
  OrganellePrediction result;
  within_memory(image, route, options, [&](std::uint64_t network_memory) {
    for (const NetworkUse& use : route.uses) {
      const NetworkEntry entry = networks(use.role);
      BatchRunner runner{entry, route.modality, options.windows.window, options.windows.batch,
                         network_memory};
      // The network sees grey values as numbers in [-1, 1].
      const std::vector<float> table = input_table(image.pixels.pixels(), entry.normalisation);
      const at::Tensor predicted = predict_plane({.greys = image.pixels.view(), .table = table},
                                                 options.windows, use.organelles, runner, done);
      // Back to grey values; rounding them is left to whoever writes a file.
      for (std::size_t i = 0; i < use.organelles.size(); ++i) {
        const at::Tensor scaled = predicted[static_cast<Index>(i)];
        result.planes[use.organelles[i]] =
            greys_of({scaled.const_data_ptr<float>(), scaled.size(0), scaled.size(1)});
      }
      result.runs.push_back(runner.record());
    }
  });
  return result;
}

} // namespace lmc::inference
