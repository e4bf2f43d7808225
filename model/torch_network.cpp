// SPDX-License-Identifier: Apache-2.0
#include "model/torch_network.hpp"

#include "model/networks.hpp"

#include <c10/core/InferenceMode.h>

namespace lmc::model {

TorchNetwork::TorchNetwork(const Weights& weights, c10::Device device)
    : architecture_{weights.architecture}, device_{device}, window_kernels_{device} {
  const c10::InferenceMode guard;
  for (const auto& [name, tensor] : weights.state) {
    state_.add(name, tensor.to(device));
  }
}

at::Tensor TorchNetwork::predict(const at::Tensor& windows, Modality modality) const {
  check_windows(windows, window_multiple());
  const c10::InferenceMode guard;
  return forward(architecture_, state_, windows, modality_code(modality).to(device_));
}

std::uint64_t TorchNetwork::memory_estimate(std::int64_t batch, std::int64_t height,
                                            std::int64_t width) const {
  // Within a factor of 1.5 of what LibTorch was measured to allocate on a CPU.
  const std::int64_t floats =
      std::visit([](const auto& a) { return a.floats_per_pixel(); }, architecture_);
  return static_cast<std::uint64_t>(floats * batch * height * width) * sizeof(float);
}

std::int64_t TorchNetwork::window_multiple() const {
  return model::window_multiple(architecture_);
}

} // namespace lmc::model
