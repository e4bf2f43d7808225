// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/buffer.hpp"

#include <map>
#include <memory>

namespace lmc::engine::cpu {

/// Memory of a network's activations: places in one buffer, free again when nobody holds them any
/// more. The first gap that is wide enough is taken, so that a network gets the same places for
/// each window of a size, and a run that computes nothing tells beforehand how far they reach.
class Memory {
public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// Makes room. No place may be in use.
  void reserve(Index floats);

  /// @return its first float; null as long as there is no room, for runs that only count
  [[nodiscard]] std::shared_ptr<float> take(Index floats);

  /// How far places have reached, in floats.
  [[nodiscard]] Index most() const { return most_; }

private:
  Buffer buffer_;
  std::map<Index, Index> taken_; ///< begin and end
  Index most_ = 0;
};

} // namespace lmc::engine::cpu
