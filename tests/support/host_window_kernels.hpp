// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/window_kernels.hpp"

#include <vector>

namespace lmc::test {

/// The CUDA engine's kernels for windows, run on the host, with what was started.
class HostWindowKernels final : public engine::cuda::WindowKernels {
public:
  explicit HostWindowKernels(bool backwards = false) : backwards_{backwards} {}

  mutable std::vector<int> gathered; ///< windows of each launch
  mutable std::vector<int> blended;

private:
  void run(const engine::cuda::GatherWindows& kernel) const override {
    gathered.push_back(kernel.places.count);
    engine::cuda::run_on_host(kernel, backwards_);
  }
  void run(const engine::cuda::BlendWindows& kernel) const override {
    blended.push_back(kernel.places.count);
    engine::cuda::run_on_host(kernel, backwards_);
  }

  bool backwards_;
};

} // namespace lmc::test
