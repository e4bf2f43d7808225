// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/blend_windows.hpp"
#include "engine/cuda/gather_windows.hpp"
#include "model/window_kernels.hpp"

namespace lmc::engine::cuda {

/// model::WindowKernels by one kernel a batch each, more for batches beyond WindowPlaces::most.
/// What runs them, a GPU or in tests the host, derives from this.
class WindowKernels : public model::WindowKernels {
public:
  [[nodiscard]] at::Tensor gather(const model::GreySource& source,
                                  std::span<const model::WindowOrigin> origins,
                                  std::int64_t window) const override;
  void blend(const at::Tensor& predictions, std::span<const model::WindowOrigin> origins,
             const model::BlendSums& sums) const override;

private:
  virtual void run(const GatherWindows& kernel) const = 0;
  virtual void run(const BlendWindows& kernel) const = 0;
};

} // namespace lmc::engine::cuda
