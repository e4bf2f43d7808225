// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/cuda_windows.hpp"
#include "engine/cuda/device_backend.hpp"
#include "engine/cuda/half_generator.hpp"
#include "engine/cuda/half_unetpp.hpp"
#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <ATen/cuda/CUDAGraph.h>

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <variant>

namespace lmc::engine::cuda {

/// A network on a CUDA device, see make_cuda_network().
///
/// The first batch of a shape runs operation by operation, which also lets cuDNN choose its plans.
/// From the second on a CUDA graph of the same operations is replayed: at a millisecond a window
/// the host could not start some 150 operations a batch in time, a UNet++'s 300 even less.
class CudaNetwork final : public model::Network {
public:
  /// What the engine packs weights into, one for each kind of network.
  using Packed = std::variant<HalfGenerator, HalfUnetPlusPlus>;

  /// The weights are not needed afterwards.
  CudaNetwork(const model::Weights& weights, c10::DeviceIndex index);

  /// See `Network::predict`; windows have sides of at least 8. Calls from several threads wait for
  /// each other.
  /// @throws std::invalid_argument when the windows' shape does not suit the network
  [[nodiscard]] at::Tensor predict(const at::Tensor& windows, Modality modality) const override;

  [[nodiscard]] std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                              std::int64_t width) const override;
  [[nodiscard]] std::int64_t window_multiple() const override { return window_multiple_; }
  [[nodiscard]] c10::Device device() const override { return device_; }
  [[nodiscard]] const compute::WindowKernels& window_kernels() const override {
    return window_kernels_;
  }

private:
  /// What is kept for one shape of batches.
  struct Plan {
    bool warm = false;          ///< has run once
    at::Tensor windows = {};    ///< where the graph reads
    at::Tensor organelles = {}; ///< where it writes
    std::unique_ptr<at::cuda::CUDAGraph> graph = {};
  };

  [[nodiscard]] at::Tensor run(const at::Tensor& windows) const;
  [[nodiscard]] bool capture(Plan& plan, const at::Tensor& windows) const;

  std::int64_t window_multiple_;
  c10::Device device_;
  CudaWindows window_kernels_;
  mutable std::mutex mutex_;
  mutable Packed network_;
  mutable DeviceBackend backend_;
  mutable bool graphs_ = true;                                ///< until one could not be made
  mutable std::map<std::array<std::int64_t, 3>, Plan> plans_; ///< by batch, height, width
};

} // namespace lmc::engine::cuda
