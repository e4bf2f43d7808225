// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/window_engine.hpp"
#include "model/network.hpp"
#include "model/weights.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace lmc::engine {

/// "AVX-512", "AVX2", "SSE4" or "SCALAR" (plain C++): what the engine uses on this machine.
[[nodiscard]] std::string instruction_set();

/// A network run by the CPU engine, float32. Agrees with `model::TorchNetwork` within
/// 1e-4 and gives the same bits on every run and for every number of threads.
class FastNetwork final : public model::Network {
public:
  explicit FastNetwork(const model::Weights& weights);

  /// See `Network::predict`; windows have sides of at least 8. Calls from several threads wait for
  /// each other: the buffers belong to the network.
  /// @throws std::invalid_argument when the windows' shape does not suit the network
  [[nodiscard]] at::Tensor predict(const at::Tensor& windows, Modality modality) const override;

  [[nodiscard]] std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                              std::int64_t width) const override;
  [[nodiscard]] std::int64_t window_multiple() const override { return window_multiple_; }
  [[nodiscard]] c10::Device device() const override { return c10::Device{c10::DeviceType::CPU}; }

private:
  std::int64_t window_multiple_;
  mutable std::mutex mutex_;
  std::unique_ptr<WindowEngine> engine_;
};

} // namespace lmc::engine
