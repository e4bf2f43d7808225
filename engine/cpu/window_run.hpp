// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/memory.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/winograd/winograd_conv.hpp"

#include <algorithm>

namespace lmc::engine::cpu {

/// What a network predicts one window with.
struct WindowRun {
  Memory& memory;
  Workspace& workspace;
  Team& team;
  Size size;
  const float* window = nullptr; ///< [height, width]; null: nothing is computed, only counted
  float* result = nullptr;       ///< [4, height, width]
  Index scratch_floats = 0;      ///< of one thread; the most of the layers so far

  /// One layer. @param compute called unless the run only counts
  template <class Compute> void layer(Index floats, const Compute& compute) {
    scratch_floats = std::max(scratch_floats, floats);
    if (window != nullptr) {
      compute();
    }
  }
};

} // namespace lmc::engine::cpu
