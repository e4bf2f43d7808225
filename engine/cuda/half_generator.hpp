// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"
#include "engine/cuda/half_weights.hpp"
#include "engine/description/generator.hpp"

#include <cstdint>
#include <map>

namespace lmc::engine::cuda {

/// A generator's weights on a device, convolutions in half precision and NHWC. Activations are half
/// precision; statistics, norms and sums float32. Of every activation there are five passes over
/// memory: written by its convolution, read for the norm's sums, read and written by the norm, read
/// by the next convolution.
class HalfGenerator {
public:
  HalfGenerator(const GeneratorDescription& description, c10::Device device);

  /// Sets what a modality steers in a dynamic generator, in place: graphs read it where it lies.
  void steer(Modality modality);

  /// @param windows float32 [n, 1, height, width], contiguous, on the weights' device; sides
  /// multiples of 4 and at least 8
  /// @return float32 [n, 4, height, width]; NaN where half precision overflowed
  [[nodiscard]] at::Tensor run(const at::Tensor& windows, Backend& backend) const;

  /// Most bytes that run() has allocated at any one time, an estimate.
  [[nodiscard]] std::uint64_t bytes(std::int64_t count, std::int64_t height,
                                    std::int64_t width) const;

private:
  /// What a norm has besides the image.
  struct Norm {
    at::Tensor batch;    ///< rows mean, factor, shift, float32 [1, 3, channels]; or
    at::Tensor steering; ///< factor and shift [2, channels] of an instance norm, or none
  };
  struct Stem {
    at::Tensor weight; ///< float32 [7, 7, filters]
    Norm norm;
  };
  struct Conv {
    at::Tensor weight;
    Norm norm;
    ConvShape shape = {};
    Border border = {};    ///< that it finds around what it reads
    bool shuffled = false; ///< makes the four children of each pixel, see shuffled_weight()
  };
  struct Head {
    at::Tensor weight; ///< [7, cuda::Head::padded(filters), 8]
    float bias = 0;
  };
  struct Packer;
  class Run;

  GeneratorLayers<Stem, Conv, Head> layers_;
  std::map<Modality, std::array<at::Tensor, 3>> steered_; ///< in host memory
};

/// A transposed 3x3 convolution (stride 2, padding 1, output padding 1) as a 2x2 convolution that
/// computes all four children of a pixel. From o = 2 i - 1 + k follows along each axis, with zeros
/// behind the last input:
///   out(2i) = x(i) w(1),   out(2i + 1) = x(i) w(2) + x(i + 1) w(0).
/// Multiplies 16 times where 9 would do, but as one large product of matrices whose result is read
/// in PixelOrder::shuffled without another pass.
/// @param weight [inputs, outputs, 3, 3]
/// @return [4 * outputs, inputs, 2, 2], the four children one after the other
[[nodiscard]] at::Tensor shuffled_weight(const at::Tensor& weight);

} // namespace lmc::engine::cuda
