// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/cuda_network.hpp"

#include "model/networks.hpp"

#include <ATen/ops/empty_like.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <exception>
#include <stdexcept>

namespace lmc::engine::cuda {

namespace {

// Of generators: reflection by three in the stem and by one at a quarter of the size.
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
    : window_multiple_{model::window_multiple(weights.architecture)}, device_{c10::DeviceType::CUDA,
                                                                              index},
      network_{make_half_network(weights, device_, options.transposed_convolutions)},
      backend_{options.tune_plans}, graphs_{options.graphs} {}

at::Tensor CudaNetwork::predict(const at::Tensor& windows, Modality modality) const {
  model::check_windows(windows, window_multiple());
  if (windows.size(2) < least_side || windows.size(3) < least_side) {
    throw std::invalid_argument{"windows are smaller than 8 x 8"};
  }
  const c10::InferenceMode no_gradients;
  const std::scoped_lock lock{mutex_};
  const c10::cuda::CUDAGuard guard{device_};
  network_->steer(modality);
  const at::Tensor input = windows.contiguous();
  const std::array shape{input.size(0), input.size(2), input.size(3)};
  if (plans_.size() >= most_plans && !plans_.contains(shape)) {
    plans_.clear();
  }
  Plan& plan = plans_[shape];
  const bool replay = plan.warm && graphs_ && (plan.graph != nullptr || capture(plan, input));
  plan.warm = true;
  if (!replay) {
    return network_->run(input, backend_);
  }
  plan.windows.copy_(input);
  plan.graph->replay();
  return plan.organelles.clone();
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
    plan.organelles = network_->run(plan.windows, backend_);
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
  // Once for a graph, which keeps its own, and once for what the allocator keeps beside it of the
  // first batch: activations of another shape, cuDNN's work space.
  constexpr std::uint64_t copies = 2;
  return copies * network_->bytes(batch, height, width);
}

} // namespace lmc::engine::cuda
