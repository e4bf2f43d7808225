// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/window_kernels.hpp"

namespace lmc::compute {

/// Cuts windows on the host, for any device, where LibTorch's own operations blend them.
class HostWindows final : public WindowKernels {
public:
  explicit HostWindows(c10::Device device) : device_{device} {}

  [[nodiscard]] c10::Device device() const override { return device_; }

  /// Nothing is copied.
  [[nodiscard]] GreySource place(const InputPlane& plane) const override;

  /// Moves the pixels, once for all windows, which read each of them up to 25 times.
  [[nodiscard]] GreySource turn(const GreySource& placed, Index quarter_turns) const override;

  [[nodiscard]] at::Tensor gather(const GreySource& source, std::span<const WindowOrigin> origins,
                                  const WindowFrame& frame) const override;
  void blend(const at::Tensor& predictions, std::span<const WindowOrigin> origins,
             const BlendSums& sums) const override;

private:
  c10::Device device_;
};

} // namespace lmc::compute
