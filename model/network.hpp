// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace lmc::compute {
class WindowKernels;
}

namespace lmc::model {

/// What the predictor needs of a network, whichever engine runs it.
class Network {
public:
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  /// Predicts the four organelles of some windows of one image.
  /// @param windows float32 [n, 1, height, width] on `device()`, scaled to [-1, 1]
  /// @param modality of the image; only dynamic networks use it
  /// @return float32 [n, 4, height, width] in [-1, 1], channels in the order of `Organelle`
  /// @throws c10::OutOfMemoryError, std::bad_alloc when the batch does not fit
  [[nodiscard]] virtual at::Tensor predict(const at::Tensor& windows, Modality modality) const = 0;

  /// Estimated peak bytes of `predict` for a batch, weights not counted.
  [[nodiscard]] virtual std::uint64_t memory_estimate(std::int64_t batch, std::int64_t height,
                                                      std::int64_t width) const = 0;

  /// Window sides must be a multiple of this (4 for the generator, 32 for UNet++).
  [[nodiscard]] virtual std::int64_t window_multiple() const = 0;

  [[nodiscard]] virtual c10::Device device() const = 0;

  /// What cuts and blends windows for `device()`, alive as long as the network.
  [[nodiscard]] virtual const compute::WindowKernels& window_kernels() const = 0;
};

} // namespace lmc::model
