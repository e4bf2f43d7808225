// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/window_kernels.hpp"
#include "engine/cuda/kernels/kernel_call.hpp"

#include <functional>

namespace lmc::engine::cuda {

/// Cuts and blends windows by one kernel a batch each, more for batches beyond WindowPlaces::most.
class CudaWindows final : public compute::WindowKernels {
public:
  /// Runs a kernel: on the device, or in tests on the host.
  using Launch = std::function<void(const KernelCall&)>;

  CudaWindows(c10::Device device, Launch launch) : device_{device}, launch_{std::move(launch)} {}

  [[nodiscard]] c10::Device device() const override { return device_; }
  [[nodiscard]] compute::GreySource place(const compute::InputPlane& plane) const override;
  [[nodiscard]] compute::GreySource turn(const compute::GreySource& placed,
                                         Index quarter_turns) const override;
  [[nodiscard]] at::Tensor gather(const compute::GreySource& source,
                                  std::span<const compute::WindowOrigin> origins,
                                  const compute::WindowFrame& frame) const override;
  void blend(const at::Tensor& predictions, std::span<const compute::WindowOrigin> origins,
             const compute::BlendSums& sums) const override;

private:
  c10::Device device_;
  Launch launch_;
};

} // namespace lmc::engine::cuda
