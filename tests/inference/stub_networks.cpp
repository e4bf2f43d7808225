// SPDX-License-Identifier: Apache-2.0
#include "stub_networks.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/roll.h>
#include <c10/util/Exception.h>

#include <array>

namespace lmc::inference::test {

at::Tensor StubNetwork::predict(const at::Tensor& windows, Modality modality) const {
  if (windows.size(0) > largest_batch) {
    TORCH_CHECK_WITH(OutOfMemoryError, false, "stub: ", windows.size(0), " windows do not fit");
  }
  batches.push_back(windows.size(0));
  modalities.push_back(modality);
  return function_(windows);
}

std::uint64_t StubNetwork::memory_estimate(std::int64_t batch, std::int64_t /*height*/,
                                           std::int64_t /*width*/) const {
  return static_cast<std::uint64_t>(batch) * bytes_per_window;
}

at::Tensor identity(const at::Tensor& windows) {
  return windows.repeat({1, 4, 1, 1});
}

at::Tensor position_dependent(const at::Tensor& windows) {
  constexpr std::array<double, 4> a{0.7, -0.5, 0.3, 1.0};
  constexpr std::array<double, 4> b{0.2, 0.4, -0.6, 0.0};
  constexpr std::array<double, 4> c{0, 0.25, -0.1, 0.05};
  const std::int64_t height = windows.size(2);
  const std::int64_t width = windows.size(3);
  const at::Tensor ry = (at::arange(height, at::kFloat) / (height - 1)).view({height, 1});
  const at::Tensor rx = at::arange(width, at::kFloat) / (width - 1);
  const at::Tensor shifted = at::roll(windows, {3}, {3});
  std::vector<at::Tensor> channels;
  for (std::size_t i = 0; i < a.size(); ++i) {
    channels.push_back(windows * a[i] + shifted * b[i] + ry * 0.3 + rx * rx * 0.1 + c[i]);
  }
  return at::cat(channels, 1);
}

} // namespace lmc::inference::test
