// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/host_windows.hpp"
#include "model/network.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace lmc::inference::test {

/// A network made of a function, which records the batches it was given.
class StubNetwork : public model::Network {
public:
  using Function = std::function<at::Tensor(const at::Tensor& windows)>;
  explicit StubNetwork(Function function) : function_{std::move(function)} {}

  at::Tensor predict(const at::Tensor& windows, Modality modality) const override;
  std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                std::int64_t width) const override;
  std::int64_t window_multiple() const override { return multiple; }
  c10::Device device() const override { return on; }
  const compute::WindowKernels& window_kernels() const override { return *kernels; }

  /// More windows than this at once throw c10::OutOfMemoryError.
  std::int64_t largest_batch = std::numeric_limits<std::int64_t>::max();
  std::uint64_t bytes_per_window = 1000;
  std::int64_t multiple = 1;
  c10::Device on{c10::DeviceType::CPU};
  std::shared_ptr<const compute::WindowKernels> kernels =
      std::make_shared<compute::HostWindows>(c10::Device{c10::DeviceType::CPU});
  mutable std::vector<std::int64_t> batches; ///< sizes of the calls that succeeded
  mutable std::vector<Modality> modalities;

private:
  Function function_;
};

/// Every organelle is the window itself.
[[nodiscard]] at::Tensor identity(const at::Tensor& windows);

/// The position-dependent stub of tests/reference/inference/README.md.
[[nodiscard]] at::Tensor position_dependent(const at::Tensor& windows);

} // namespace lmc::inference::test
