// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/cuda_network.hpp"

#include "engine/description/check_windows.hpp"
#include "model/networks.hpp"

#include <ATen/ops/empty_like.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <exception>

namespace lmc::engine::cuda {

namespace {

// Graphs keep their activations: more shapes than one image needs (full batches and the rest) are
// dropped.
constexpr std::size_t most_plans = 4;

CudaNetwork::Packed pack(const GeneratorDescription& description, c10::Device device) {
  return HalfGenerator{description, device};
}

CudaNetwork::Packed pack(const UnetPlusPlusDescription& description, c10::Device device) {
  return HalfUnetPlusPlus{description, device};
}

CudaNetwork::Packed packed(const model::Weights& weights, c10::Device device) {
  return std::visit([&](const auto& a) { return pack(describe_layers(a, weights.state), device); },
                    weights.architecture);
}

/// Ends a capture that failed, which is itself reported as a failure.
void abandon(at::cuda::CUDAGraph& graph) {
  try {
    graph.capture_end();
  } catch (const c10::Error&) {
    return;
  }
}

} // namespace

CudaNetwork::CudaNetwork(const model::Weights& weights, c10::DeviceIndex index)
    : window_multiple_{model::window_multiple(weights.architecture)}, device_{c10::DeviceType::CUDA,
                                                                              index},
      window_kernels_{device_,
                      [device = device_](const KernelCall& call) { launch_on(device, call); }},
      network_{packed(weights, device_)} {}

at::Tensor CudaNetwork::run(const at::Tensor& windows) const {
  return std::visit([&](const auto& network) { return network.run(windows, backend_); }, network_);
}

at::Tensor CudaNetwork::predict(const at::Tensor& windows, Modality modality) const {
  check_engine_windows(windows, window_multiple());
  const c10::InferenceMode no_gradients;
  const std::scoped_lock lock{mutex_};
  const c10::cuda::CUDAGuard guard{device_};
  std::visit([modality](auto& network) { network.steer(modality); }, network_);
  const at::Tensor input = windows.contiguous();
  const std::array shape{input.size(0), input.size(2), input.size(3)};
  if (plans_.size() >= most_plans && !plans_.contains(shape)) {
    plans_.clear();
  }
  Plan& plan = plans_[shape];
  const bool replay = plan.warm && graphs_ && (plan.graph != nullptr || capture(plan, input));
  plan.warm = true;
  if (!replay) {
    return run(input);
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
    plan.organelles = run(plan.windows);
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
  return copies *
         std::visit([&](const auto& network) { return network.bytes(batch, height, width); },
                    network_);
}

} // namespace lmc::engine::cuda
