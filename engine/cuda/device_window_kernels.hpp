// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/window_kernels.hpp"

namespace lmc::engine::cuda {

/// The kernels around a network, started on a device's current stream.
class DeviceWindowKernels final : public WindowKernels {
public:
  explicit DeviceWindowKernels(c10::Device device) : device_{device} {}

private:
  void run(const GatherWindows& kernel) const override;
  void run(const BlendWindows& kernel) const override;

  c10::Device device_;
};

} // namespace lmc::engine::cuda
