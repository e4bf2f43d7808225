// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"

namespace lmc::engine::cuda {

/// Kernels on the current stream of the current device, convolutions by cuDNN on its tensor cores,
/// with the deterministic algorithms that its heuristics choose.
class DeviceBackend final : public Backend {
public:
  void run(const KernelCall& call) override;
  [[nodiscard]] at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                                    const ConvShape& shape) override;
};

/// Starts a kernel on the current stream of a device, which need not be the current one.
void launch_on(c10::Device device, const KernelCall& call);

} // namespace lmc::engine::cuda
