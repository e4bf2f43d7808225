// SPDX-License-Identifier: Apache-2.0
#include "model/networks.hpp"

#include <ATen/ops/tensor.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

namespace lmc::model {

TensorSpecs tensor_specs(const Architecture& architecture) {
  return std::visit([](const auto& a) { return a.tensor_specs(); }, architecture);
}

at::Tensor forward(const Architecture& architecture, const StateDict& state,
                   const at::Tensor& windows, const at::Tensor& codes, const LayerMode& mode) {
  return std::visit([&](const auto& a) { return a.forward(state, windows, codes, mode); },
                    architecture);
}

at::Tensor modality_code(Modality modality) {
  constexpr float third = 1.0F / 3.0F;
  switch (modality) {
  case Modality::bright_field:
    return at::tensor({0.0F, 0.0F, 1.0F}).unsqueeze(0);
  case Modality::phase_contrast:
    return at::tensor({1.0F, 0.0F, 0.0F}).unsqueeze(0);
  case Modality::dic:
    return at::tensor({0.0F, 1.0F, 0.0F}).unsqueeze(0);
  case Modality::unknown:
    break;
  }
  return at::tensor({third, third, third}).unsqueeze(0);
}

std::int64_t window_multiple(const Architecture& architecture) {
  return std::visit([](const auto& a) { return a.window_multiple; }, architecture);
}

void check_windows(const at::Tensor& windows, std::int64_t multiple) {
  const bool suits = windows.dim() == 4 && windows.size(1) == 1 && windows.size(2) > 0 &&
                     windows.size(3) > 0 && windows.size(2) % multiple == 0 &&
                     windows.size(3) % multiple == 0 && windows.scalar_type() == at::kFloat;
  if (!suits) {
    throw std::invalid_argument{fmt::format(
        "windows are {} [{}], allowed Float [n, 1, height, width] with sides in multiples of {}",
        c10::toString(windows.scalar_type()),
        fmt::join(windows.sizes().begin(), windows.sizes().end(), ", "), multiple)};
  }
}

} // namespace lmc::model
