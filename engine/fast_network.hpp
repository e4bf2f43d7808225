// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/window_engine.hpp"
#include "model/network.hpp"
#include "model/weights.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace lmc::engine {

/// Why the CPU engine does not run a network, as the end of "the fast engine ..."; nothing when it
/// does.
[[nodiscard]] std::optional<std::string> why_not_fast(const model::Architecture& architecture);

/// "AVX-512", "AVX2", "SSE4" or "SCALAR" (plain C++): what the engine uses on this machine.
[[nodiscard]] std::string instruction_set();

/// A generator or UNet++ run by the CPU engine, float32. Agrees with `model::TorchNetwork` within
/// 1e-4 and gives the same bits on every run and for every number of threads.
class FastNetwork final : public model::Network {
public:
  /// @throws std::invalid_argument for a network that `why_not_fast` rules out
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
