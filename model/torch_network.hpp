// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/host_windows.hpp"
#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <c10/core/Device.h>

namespace lmc::model {

/// A network run by LibTorch in float32: the definition that faster engines have to
/// agree with.
class TorchNetwork final : public Network {
public:
  /// Copies the weights to the device (none are copied for the CPU).
  TorchNetwork(const Weights& weights, c10::Device device);

  /// See `Network::predict`. @throws std::invalid_argument when the windows' shape does not suit
  /// the network
  [[nodiscard]] at::Tensor predict(const at::Tensor& windows, Modality modality) const override;

  [[nodiscard]] std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                              std::int64_t width) const override;
  [[nodiscard]] std::int64_t window_multiple() const override;
  [[nodiscard]] c10::Device device() const override { return device_; }
  [[nodiscard]] const compute::WindowKernels& window_kernels() const override {
    return window_kernels_;
  }

private:
  Architecture architecture_;
  StateDict state_;
  c10::Device device_;
  compute::HostWindows window_kernels_;
};

} // namespace lmc::model
