// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/device_window_kernels.hpp"

#include "engine/cuda/launch.hpp"

#include <c10/cuda/CUDAGuard.h>

namespace lmc::engine::cuda {

namespace {

template <class Kernel> void launch_on(c10::Device device, const Kernel& kernel) {
  const c10::cuda::CUDAGuard guard{device};
  launch(kernel, c10::cuda::getCurrentCUDAStream().stream());
}

} // namespace

void DeviceWindowKernels::run(const GatherWindows& kernel) const {
  launch_on(device_, kernel);
}

void DeviceWindowKernels::run(const BlendWindows& kernel) const {
  launch_on(device_, kernel);
}

} // namespace lmc::engine::cuda
