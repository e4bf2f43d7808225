// SPDX-License-Identifier: Apache-2.0
#include "inference/plan.hpp"

#include "common/error.hpp"
#include "common/running/resources.hpp"
#include "common/text.hpp"
#include "compute/device.hpp"
#include "compute/host_windows.hpp"
#include "compute/out_of_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace lmc::inference {

namespace {

constexpr const char* memory_remedy =
    "raise the memory limit, close other programs, or cut the image into parts";

std::string subject_of(const image::TransmittedLight& image) {
  const std::string source = image.provenance.source.string();
  return source.empty() ? "image" : source;
}

std::uint64_t network_memory(const image::TransmittedLight& image, const Route& route,
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

Index padded_size(Index height, Index width, const WindowOptions& options) {
  return std::max(height, options.window) * std::max(width, options.window);
}

} // namespace

std::uint64_t memory_needed(Index height, Index width, const Route& route,
                            const WindowOptions& options) {
  const Index pixels = height * width;
  const Index padded = padded_size(height, width, options);
  Index all = 0;
  Index largest = 0;
  for (const NetworkUse& use : route.uses) {
    const auto organelles = static_cast<Index>(use.organelles.size());
    all += organelles;
    largest = std::max(largest, organelles);
  }
  const Index floats = all * pixels + largest * padded + padded;
  const Index turned_greys = options.rotations > 1 ? pixels : 0;
  return sizeof(float) * static_cast<std::uint64_t>(floats) +
         sizeof(std::uint16_t) * static_cast<std::uint64_t>(turned_greys);
}

void within_memory(const image::TransmittedLight& image, const Route& route,
                   const PredictOptions& options,
                   const std::function<void(std::uint64_t network_memory)>& action) {
  options.windows.validate();
  const std::uint64_t left = network_memory(image, route, options);
  if (const auto problem = compute::out_of_memory_in([&] { action(left); })) {
    throw Error(ErrorCode::memory, subject_of(image), *problem, memory_remedy);
  }
}

const compute::WindowKernels& kernels_for(const compute::InputPlane& plane, Index organelles,
                                          const WindowOptions& options, const BatchRunner& runner) {
  static const compute::HostWindows on_host{c10::Device{c10::DeviceType::CPU}};
  // A GPU that blends what it predicts saves copying each window's prediction of 4 MB to the host.
  const c10::Device device = runner.device();
  if (device.is_cpu()) {
    return runner.window_kernels();
  }
  // The grey values and the weights' sum; the organelles' sums and means, rotated.
  const Index floats =
      (2 + 3 * organelles) * padded_size(plane.greys.height(), plane.greys.width(), options);
  const std::optional<std::uint64_t> free = compute::free_cuda_memory(device.index());
  const bool fits = free && 2 * static_cast<std::uint64_t>(floats) * sizeof(float) <= *free;
  return fits ? runner.window_kernels() : on_host;
}

WindowsDone progress_of(const image::TransmittedLight& image, const Route& route,
                        const PredictOptions& options) {
  if (!options.progress) {
    return {};
  }
  const Index total =
      network_windows(image.pixels.height(), image.pixels.width(), options.windows) *
      static_cast<Index>(route.uses.size());
  return [&options, total, done = Index{0}](Index windows) mutable {
    done += windows;
    options.progress(done, total);
  };
}

} // namespace lmc::inference
