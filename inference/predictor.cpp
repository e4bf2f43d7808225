// SPDX-License-Identifier: Apache-2.0
#include "inference/predictor.hpp"

#include "common/error.hpp"
#include "common/running/resources.hpp"
#include "common/text.hpp"
#include "compute/device.hpp"
#include "compute/host_windows.hpp"
#include "compute/out_of_memory.hpp"
#include "inference/normalisation.hpp"
#include "inference/rotation.hpp"
#include "inference/window_grid.hpp"

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lmc::inference {

namespace {

constexpr const char* memory_remedy =
    "raise the memory limit, close other programs, or cut the image into parts";

std::string subject_of(const image::TransmittedLight& image) {
  const std::string source = image.provenance.source.string();
  return source.empty() ? "image" : source;
}

void check_size(const image::TransmittedLight& image) {
  if (image.pixels.empty()) {
    throw Error(ErrorCode::internal, subject_of(image), "it has no pixels",
                "report this as a fault of the program");
  }
}

void check_window_multiple(std::int64_t window, const NetworkEntry& entry) {
  const std::int64_t multiple = entry.network->window_multiple();
  if (window % multiple != 0) {
    throw Error(ErrorCode::configuration, "window",
                fmt::format("{} pixels, {} takes multiples of {}", window, entry.name, multiple),
                fmt::format("give {}", std::max(multiple, window / multiple * multiple)));
  }
}

std::uint64_t memory_for_networks(const image::TransmittedLight& image, const Route& route,
                                  const PredictOptions& options) {
  const std::uint64_t limit = options.memory_limit ? *options.memory_limit : available_memory();
  const std::uint64_t needed =
      memory_needed(image.pixels.height(), image.pixels.width(), route, options.windows);
  if (needed > limit) {
    throw Error(ErrorCode::memory, subject_of(image),
                fmt::format("predicting {} x {} pixels needs {}, {} are left",
                            image.pixels.height(), image.pixels.width(), human_bytes(needed),
                            human_bytes(limit)),
                memory_remedy);
  }
  return limit - needed;
}

WindowsDone counter(const image::TransmittedLight& image, const Route& route,
                    const PredictOptions& options) {
  if (!options.progress) {
    return {};
  }
  const std::int64_t total =
      network_windows(image.pixels.height(), image.pixels.width(), options.windows) *
      static_cast<std::int64_t>(route.uses.size());
  return [&options, total, done = std::int64_t{0}](std::int64_t windows) mutable {
    done += windows;
    options.progress(done, total);
  };
}

// The steps of docs/inference.md; rounding to 16 bits is left to whoever writes a file.
OrganellePrediction predict_within(std::uint64_t network_memory,
                                   const image::TransmittedLight& image, const Route& route,
                                   const NetworkSource& networks, const PredictOptions& options) {
  OrganellePrediction result;
  const WindowsDone done = counter(image, route, options);
  for (const NetworkUse& use : route.uses) {
    const NetworkEntry entry = networks(use.role);
    check_window_multiple(options.windows.window, entry);
    BatchRunner runner(entry, route.modality, options.windows.window, options.windows.batch,
                       network_memory);
    const std::vector<float> table = input_table(image.pixels.pixels(), entry.normalisation);
    const compute::InputPlane plane{.greys = image.pixels.view(), .table = table};
    const at::Tensor predicted =
        predict_plane(plane, options.windows, use.organelles, runner, done);
    for (std::size_t i = 0; i < use.organelles.size(); ++i) {
      const at::Tensor scaled = predicted[static_cast<Index>(i)];
      result.planes[use.organelles[i]] =
          greys_of({scaled.const_data_ptr<float>(), scaled.size(0), scaled.size(1)});
    }
    result.runs.push_back(runner.record());
  }
  if (route.warning) {
    result.warnings.push_back(*route.warning);
  }
  return result;
}

/// A GPU blends what it predicts, if the sums fit beside the network: each window's prediction
/// would be 4 MB to copy to the host, and its blending a pass over as much.
bool sums_fit(const compute::InputPlane& plane, std::int64_t organelles,
              const WindowOptions& options, c10::Device device) {
  if (device.is_cpu()) {
    return true;
  }
  const std::int64_t padded = std::max(plane.greys.height(), options.window) *
                              std::max(plane.greys.width(), options.window);
  // The grey values and the weights' sum; the organelles' sums and means, rotated.
  const auto floats = static_cast<std::uint64_t>((2 + 3 * organelles) * padded);
  const std::optional<std::uint64_t> free = compute::free_cuda_memory(device.index());
  return free && 2 * floats * sizeof(float) <= *free;
}

} // namespace

at::Tensor predict_plane(const compute::InputPlane& plane, const WindowOptions& options,
                         std::span<const Organelle> organelles, BatchRunner& runner,
                         const WindowsDone& done) {
  const auto count = static_cast<std::int64_t>(organelles.size());
  const compute::HostWindows on_host{c10::Device{c10::DeviceType::CPU}};
  const compute::WindowKernels& kernels =
      sums_fit(plane, count, options, runner.device()) ? runner.window_kernels() : on_host;
  const compute::GreySource placed = kernels.place(plane);
  at::Tensor mean;
  const std::span<const std::int64_t> rotations = quarter_turns_of(options.rotations);
  for (const std::int64_t quarter_turns : rotations) {
    const at::Tensor blended = slide_windows(kernels, kernels.turn(placed, quarter_turns), options,
                                             organelles, runner, done);
    if (!mean.defined()) {
      // The first of every augmentation is not rotated: its buffer becomes the sum.
      mean = rotate_back(blended, quarter_turns).contiguous();
      continue;
    }
    // One organelle at a time: rotating back copies.
    for (std::int64_t i = 0; i < count; ++i) {
      mean[i].add_(rotate_back(blended[i], quarter_turns));
    }
  }
  return mean.div_(static_cast<double>(rotations.size())).cpu();
}

OrganellePrediction predict(const image::TransmittedLight& image, const Route& route,
                            const NetworkSource& networks, const PredictOptions& options) {
  const c10::InferenceMode no_gradients;
  check_size(image);
  options.windows.validate();
  const std::uint64_t network_memory = memory_for_networks(image, route, options);
  std::optional<OrganellePrediction> result;
  const std::optional<std::string> problem = compute::out_of_memory_in(
      [&] { result = predict_within(network_memory, image, route, networks, options); });
  if (problem) {
    throw Error(ErrorCode::memory, subject_of(image), *problem, memory_remedy);
  }
  return std::move(*result);
}

std::uint64_t memory_needed(Index height, Index width, const Route& route,
                            const WindowOptions& options) {
  const auto pixels = static_cast<std::uint64_t>(height * width);
  const auto padded = static_cast<std::uint64_t>(std::max(height, options.window) *
                                                 std::max(width, options.window));
  std::uint64_t all = 0;
  std::uint64_t largest = 0;
  for (const NetworkUse& use : route.uses) {
    all += use.organelles.size();
    largest = std::max<std::uint64_t>(largest, use.organelles.size());
  }
  const std::uint64_t turned = options.rotations > 1 ? pixels : 0;
  return sizeof(float) * (all * pixels + largest * padded + padded) +
         sizeof(std::uint16_t) * turned;
}

} // namespace lmc::inference
