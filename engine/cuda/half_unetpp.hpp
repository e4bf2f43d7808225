// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"
#include "engine/cuda/half_weights.hpp"
#include "engine/description/unetpp.hpp"

#include <cstdint>
#include <map>

namespace lmc::engine::cuda {

/// A UNet++'s weights on a device, batch norms folded in float32 before they are rounded to half
/// precision, NHWC. Activations are half precision; the stem, biases and sums float32. An
/// activation passes memory four times: written by its convolution, read and written with its bias,
/// residual and ReLU, read by the next convolution.
class HalfUnetPlusPlus {
public:
  struct Stem {
    at::Tensor weight;   ///< float32 [7, 7, channels]
    at::Tensor steering; ///< factor and shift behind it, float32 [2, channels]
  };
  struct Conv {
    at::Tensor weight;
    at::Tensor bias; ///< float32 [outputs]; undefined: none
    ConvShape shape = {};
  };
  /// What a block and the projection of its input add up has one bias, conv3's. The head's channels
  /// are filled up with zeros to eight, since kernels write as many at once.
  using Layers = UnetPlusPlusLayers<Stem, Conv>;

  HalfUnetPlusPlus(const UnetPlusPlusDescription& description, c10::Device device);

  [[nodiscard]] const Layers& layers() const { return layers_; }

  /// Sets what a modality steers in a dynamic UNet++, in place: graphs read it where it lies.
  void steer(Modality modality);

  /// @param windows float32 [n, 1, height, width], contiguous, on the weights' device; sides
  /// multiples of 32
  /// @return float32 [n, 4, height, width]; NaN where half precision overflowed
  [[nodiscard]] at::Tensor run(const at::Tensor& windows, Backend& backend) const;

  /// Most bytes that run() has allocated at any one time, its result among them and cuDNN's work
  /// space not.
  /// @param count windows @param height, width multiples of 32
  [[nodiscard]] std::uint64_t bytes(std::int64_t count, std::int64_t height,
                                    std::int64_t width) const;

private:
  Layers layers_;
  std::map<Modality, at::Tensor> steered_; ///< in host memory
};

} // namespace lmc::engine::cuda
