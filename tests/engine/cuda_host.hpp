// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cuda/backend.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <ATen/core/Tensor.h>

#include <variant>

namespace lmc::engine::cuda::test {

/// The CUDA engine's kernels and convolutions on the host: half precision in and out and float32
/// between, as cuDNN computes.
class HostBackend final : public Backend {
public:
  void run(const KernelCall& call) override {
    std::visit([](const auto& kernel) { run_on_host(kernel); }, call);
  }
  [[nodiscard]] at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                                    const ConvShape& shape) override;
};

/// Numbers of a normal distribution, the same on every run.
[[nodiscard]] at::Tensor normal_tensor(at::IntArrayRef sizes, unsigned seed, float deviation);

/// The plain module in float64: closer to the truth than float32.
[[nodiscard]] at::Tensor exact_prediction(const model::Architecture& architecture,
                                          const model::StateDict& state, const at::Tensor& windows,
                                          Modality modality = Modality::unknown);

/// What a result may differ from float64.
struct Allowed {
  double rms;
  double largest;
};

/// @param expected float64
void check_close(const at::Tensor& result, const at::Tensor& expected, const Allowed& allowed);

} // namespace lmc::engine::cuda::test
