// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/host_windows.hpp"
#include "engine/cpu/generator.hpp"
#include "engine/cpu/unetpp.hpp"
#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <mutex>
#include <string>
#include <variant>

namespace lmc::engine {

/// "AVX-512", "AVX2", "SSE4" or "SCALAR" (plain C++): what the engine uses on this machine.
[[nodiscard]] std::string instruction_set();

/// A network run by the CPU engine, float32. Agrees with `model::TorchNetwork` within 1e-4 and
/// gives the same bits on every run and for every number of threads.
class CpuNetwork final : public model::Network {
public:
  /// What the engine packs weights into, one for each kind of network.
  using Packed = std::variant<cpu::Generator, cpu::UnetPlusPlus>;

  /// The weights are packed and not needed afterwards.
  explicit CpuNetwork(const model::Weights& weights);

  /// See `Network::predict`; windows have sides of at least 8. Calls from several threads wait for
  /// each other: the buffers belong to the network.
  /// @throws std::invalid_argument when the windows' shape does not suit the network
  [[nodiscard]] at::Tensor predict(const at::Tensor& windows, Modality modality) const override;

  [[nodiscard]] std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                              std::int64_t width) const override;
  [[nodiscard]] std::int64_t window_multiple() const override { return window_multiple_; }
  [[nodiscard]] c10::Device device() const override { return c10::Device{c10::DeviceType::CPU}; }
  [[nodiscard]] const compute::WindowKernels& window_kernels() const override {
    return window_kernels_;
  }

private:
  /// Floats of the activations of one window and of one thread's scratch.
  struct Needs {
    Index activations = 0;
    Index scratch = 0;
  };
  [[nodiscard]] Needs needs(cpu::Size size) const;
  void prepare(cpu::Size size, cpu::Team& team) const;

  std::int64_t window_multiple_;
  compute::HostWindows window_kernels_;
  mutable std::mutex mutex_;
  mutable Packed network_;
  mutable cpu::Size size_; ///< of windows that there is memory for
  mutable cpu::Memory memory_;
  mutable cpu::Workspace workspace_;
};

} // namespace lmc::engine
