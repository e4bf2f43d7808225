// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cuda/backend.hpp"
#include "model/weights.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <memory>

namespace lmc::engine::cuda {

/// A network in half precision, its weights on a device. What runs it more than once, from several
/// threads or as a graph is CudaNetwork's business.
class HalfNetwork {
public:
  HalfNetwork() = default;
  HalfNetwork(const HalfNetwork&) = delete;
  HalfNetwork& operator=(const HalfNetwork&) = delete;
  virtual ~HalfNetwork() = default;

  /// Sets what a modality steers in a dynamic network, in place: graphs read it from where it lies.
  virtual void steer(Modality modality) = 0;

  /// See run_generator() and run_unet().
  [[nodiscard]] virtual at::Tensor run(const at::Tensor& windows, Backend& backend) const = 0;

  /// Most bytes that run() has allocated at any one time, an estimate.
  [[nodiscard]] virtual std::uint64_t bytes(std::int64_t count, std::int64_t height,
                                            std::int64_t width) const = 0;
};

/// @param transposed see HalfWeights; generators only
[[nodiscard]] std::unique_ptr<HalfNetwork> make_half_network(const model::Weights& weights,
                                                             c10::Device device, bool transposed);

} // namespace lmc::engine::cuda
