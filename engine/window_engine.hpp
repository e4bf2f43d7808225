// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"
#include "model/weights.hpp"

#include <cstdint>
#include <memory>

namespace lmc::engine {

/// One network on the CPU engine, window by window, whatever its kind.
class WindowEngine {
public:
  WindowEngine() = default;
  WindowEngine(const WindowEngine&) = delete;
  WindowEngine& operator=(const WindowEngine&) = delete;
  virtual ~WindowEngine() = default;

  /// Sets what a dynamic network makes of the modality, for the windows to come.
  virtual void steer(Modality modality) = 0;

  /// @param window [height, width]
  /// @param result [4, height, width]
  virtual void run(const float* window, cpu::Size size, float* result, cpu::Team& team) = 0;

  /// Bytes of the buffers for windows of this size, for `members` threads.
  [[nodiscard]] virtual std::uint64_t bytes(cpu::Size size, int members) const = 0;
};

/// The engine of a network. The weights are packed and not needed afterwards.
[[nodiscard]] std::unique_ptr<WindowEngine> make_window_engine(const model::Weights& weights);

} // namespace lmc::engine
