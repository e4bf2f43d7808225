// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/half.hpp"

namespace lmc::engine::cuda {

/// Where the windows of one launch begin. Part of the kernel's arguments, which all threads read at
/// once: 0.5 kB of the 4 kB that they may take.
struct WindowPlaces {
  static constexpr int most = 64;

  int y[most]; ///< first row in the turned and padded plane
  int x[most]; ///< first column
  int count;
};

} // namespace lmc::engine::cuda
