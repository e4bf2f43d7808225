// SPDX-License-Identifier: Apache-2.0
#include "bench/kernel_profile.hpp"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <map>
#include <set>

namespace lmc::bench {

std::vector<KernelTime> profile_kernels(const std::function<void()>& run, bool on_cuda) {
  namespace profiler = torch::autograd::profiler;
  using torch::profiler::impl::ActivityType;
  const torch::profiler::impl::ProfilerConfig config{torch::profiler::impl::ProfilerState::KINETO};
  std::set<ActivityType> activities{ActivityType::CPU};
  if (on_cuda) {
    activities.insert(ActivityType::CUDA);
  }
  profiler::prepareProfiler(config, activities);
  profiler::enableProfiler(config, activities);
  run();
  const auto result = profiler::disableProfiler();

  const c10::DeviceType wanted = on_cuda ? c10::DeviceType::CUDA : c10::DeviceType::CPU;
  std::map<std::string, KernelTime> by_name;
  for (const profiler::KinetoEvent& event : result->events()) {
    if (event.deviceType() == wanted) {
      KernelTime& kernel = by_name[event.name()];
      kernel.name = event.name();
      ++kernel.calls;
      kernel.milliseconds += 1e-6 * static_cast<double>(event.durationNs());
    }
  }
  std::vector<KernelTime> kernels;
  for (auto& [name, kernel] : by_name) {
    kernels.push_back(std::move(kernel));
  }
  std::sort(kernels.begin(), kernels.end(), [](const KernelTime& a, const KernelTime& b) {
    return a.milliseconds > b.milliseconds;
  });
  return kernels;
}

} // namespace lmc::bench
