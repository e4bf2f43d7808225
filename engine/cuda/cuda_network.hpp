// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/device_backend.hpp"
#include "engine/cuda/device_window_kernels.hpp"
#include "engine/cuda/half_network.hpp"
#include "engine/cuda_engine.hpp"
#include "model/network.hpp"

#include <ATen/cuda/CUDAGraph.h>

#include <array>
#include <map>
#include <memory>
#include <mutex>

namespace lmc::engine::cuda {

/// A network on a CUDA device, see make_cuda_network().
///
/// The first batch of a shape runs operation by operation, which also lets cuDNN choose its plans.
/// From the second on a CUDA graph of the same operations is replayed: at a millisecond a window
/// the host could not start some 150 operations a batch in time, a UNet++'s 300 even less.
class CudaNetwork final : public model::Network {
public:
  CudaNetwork(const model::Weights& weights, c10::DeviceIndex index,
              const CudaEngineOptions& options);

  /// See `Network::predict`; windows have sides of at least 8. Calls from several threads wait for
  /// each other.
  /// @throws std::invalid_argument when the windows' shape does not suit the network
  [[nodiscard]] at::Tensor predict(const at::Tensor& windows, Modality modality) const override;

  [[nodiscard]] std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                              std::int64_t width) const override;
  [[nodiscard]] std::int64_t window_multiple() const override { return window_multiple_; }
  [[nodiscard]] c10::Device device() const override { return device_; }
  [[nodiscard]] const model::WindowKernels* window_kernels() const override {
    return &window_kernels_;
  }

private:
  /// What is kept for one shape of batches.
  struct Plan {
    bool warm = false;          ///< has run once
    at::Tensor windows = {};    ///< where the graph reads
    at::Tensor organelles = {}; ///< where it writes
    std::unique_ptr<at::cuda::CUDAGraph> graph = {};
  };

  [[nodiscard]] bool capture(Plan& plan, const at::Tensor& windows) const;

  std::int64_t window_multiple_;
  c10::Device device_;
  std::unique_ptr<HalfNetwork> network_;
  DeviceWindowKernels window_kernels_{device_};
  mutable std::mutex mutex_;
  mutable DeviceBackend backend_;
  mutable bool graphs_;
  mutable std::map<std::array<std::int64_t, 3>, Plan> plans_; ///< by batch, height, width
};

} // namespace lmc::engine::cuda
