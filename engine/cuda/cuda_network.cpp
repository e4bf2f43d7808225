// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/cuda_network.hpp"

#include "engine/cuda/half_generator.hpp"
#include "model/networks.hpp"

#include <ATen/ops/empty_like.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <exception>
#include <stdexcept>

namespace lmc::engine::cuda {

namespace {

// Reflection by three in the stem and by one at a quarter of the size.
constexpr std::int64_t least_side = 8;

// Graphs keep their activations: more shapes than one image needs (full batches and the rest) are
// dropped.
constexpr std::size_t most_plans = 4;

/// Ends a capture that failed, which is itself reported as a failure.
void abandon(at::cuda::CUDAGraph& graph) {
  try {
    graph.capture_end();
  } catch (const c10::Error&) {
    return;
  }
}

} // namespace

CudaNetwork::CudaNetwork(const model::Weights& weights, c10::DeviceIndex index,
                         const CudaEngineOptions& options)
    : architecture_{std::get<model::GeneratorArchitecture>(weights.architecture)},
      state_{weights.state}, device_{c10::DeviceType::CUDA, index},
      weights_{half_weights(architecture_, state_, device_, options.transposed_convolutions)},
      backend_{options.tune_plans}, graphs_{options.graphs} {}

at::Tensor CudaNetwork::predict(const at::Tensor& windows, Modality modality) const {
  model::check_windows(windows, window_multiple());
  if (windows.size(2) < least_side || windows.size(3) < least_side) {
    throw std::invalid_argument{"windows are smaller than 8 x 8"};
  }
  const c10::InferenceMode no_gradients;
  const std::scoped_lock lock{mutex_};
  const c10::cuda::CUDAGuard guard{device_};
  steer(modality);
  const at::Tensor input = windows.contiguous();
  const std::array shape{input.size(0), input.size(2), input.size(3)};
  if (plans_.size() >= most_plans && !plans_.contains(shape)) {
    plans_.clear();
  }
  Plan& plan = plans_[shape];
  const bool replay = plan.warm && graphs_ && (plan.graph != nullptr || capture(plan, input));
  plan.warm = true;
  if (!replay) {
    return run_generator(weights_, input, backend_);
  }
  plan.windows.copy_(input);
  plan.graph->replay();
  return plan.organelles.clone();
}

void CudaNetwork::steer(Modality modality) const {
  if (!architecture_.dynamic || modality == modality_) {
    return;
  }
  const std::array<at::Tensor, 3> steering = steering_for(architecture_, state_, modality);
  for (std::size_t i = 0; i < steering.size(); ++i) {
    at::Tensor place = weights_.steering.at(i); // where the graphs read
    place.copy_(steering.at(i));
  }
  modality_ = modality;
}

// A graph cannot be made where memory is too short for a second set of activations; operation by
// operation still works.
bool CudaNetwork::capture(Plan& plan, const at::Tensor& windows) const {
  c10::cuda::CUDACachingAllocator::emptyCache();
  plan.windows = at::empty_like(windows);
  plan.graph = std::make_unique<at::cuda::CUDAGraph>();
  const c10::cuda::CUDAStreamGuard side_stream{
      c10::cuda::getStreamFromPool(false, device_.index())};
  plan.graph->capture_begin();
  try {
    plan.organelles = run_generator(weights_, plan.windows, backend_);
    plan.graph->capture_end();
    return true;
  } catch (const std::exception&) {
    graphs_ = false;
  }
  abandon(*plan.graph);
  plan = {.warm = true};
  return false;
}

std::uint64_t CudaNetwork::memory_estimate(std::int64_t batch, std::int64_t height,
                                           std::int64_t width) const {
  // In filters x pixels: the first up-sampling of all decoders takes 2, a decoder's second one 1,
  // its input 1/2, the trunk 1/4; the rest is cuDNN's work space. Two bytes each, and once more for
  // the graph beside what the allocator keeps.
  constexpr std::int64_t bytes_per_filter_and_pixel = 2 * 2 * 5;
  return static_cast<std::uint64_t>(batch * height * width * architecture_.filters *
                                    bytes_per_filter_and_pixel);
}

std::int64_t CudaNetwork::window_multiple() const {
  return model::window_multiple(architecture_);
}

} // namespace lmc::engine::cuda
