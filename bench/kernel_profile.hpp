// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lmc::bench {

/// All calls of one kernel together.
struct KernelTime {
  std::string name;
  int calls = 0;
  double milliseconds = 0;
};

/// Runs something under LibTorch's profiler and adds up its kernels, the longest first: those on
/// the GPU, or LibTorch's operations on the CPU.
[[nodiscard]] std::vector<KernelTime> profile_kernels(const std::function<void()>& run,
                                                      bool on_cuda);

} // namespace lmc::bench
