// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"

#include <functional>

namespace lmc::engine::cpu {

/// The threads that share the blocks of a layer. The engine owns no threads: whoever runs it lends
/// those there are, so that never two pools compete for the cores.
class Team {
public:
  Team() = default;
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  virtual ~Team() = default;

  [[nodiscard]] virtual int size() const = 0;

  /// Calls `body(block, member)` once for each block in [0, blocks), in any order, each member
  /// (in [0, size())) by one thread at a time; returns when all are done.
  virtual void run(Index blocks, const std::function<void(Index block, int member)>& body) = 0;
};

/// One thread, the caller's.
class SerialTeam final : public Team {
public:
  [[nodiscard]] int size() const override { return 1; }
  void run(Index blocks, const std::function<void(Index block, int member)>& body) override {
    for (Index block = 0; block < blocks; ++block) {
      body(block, 0);
    }
  }
};

} // namespace lmc::engine::cpu
