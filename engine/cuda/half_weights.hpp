// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <array>
#include <vector>

namespace lmc::engine::cuda {

/// A generator's weights as the CUDA engine reads them: convolutions in half precision and NHWC,
/// without the biases that instance norms cancel.
struct HalfWeights {
  std::int64_t filters = 0;
  bool transposed = false; ///< up-sampling by transposed convolutions, see shuffled_weight()
  at::Tensor stem;         ///< float32 [7, 7, filters]
  std::array<at::Tensor, 2> down;
  std::vector<at::Tensor> blocks;   ///< two a block
  at::Tensor first;                 ///< up-sampling of the trunk, all four decoders as one
  std::array<at::Tensor, 4> second; ///< of each decoder
  std::array<at::Tensor, 4> heads;  ///< [7, Head::padded(filters), 8]
  std::array<float, 4> head_biases{};
  /// Rows mean, factor, shift, float32 [1, 3, channels]: stem, two down, two a block, the first
  /// up-sampling, the second ones. Empty: instance norms.
  std::vector<at::Tensor> batch_norms;
  /// Factor and shift of a dynamic generator's first three norms, float32 [2, channels].
  std::array<at::Tensor, 3> steering;
};

/// @param state contiguous float32 in host memory, as loaded
/// @param transposed see HalfWeights
[[nodiscard]] HalfWeights half_weights(const model::GeneratorArchitecture& architecture,
                                       const model::StateDict& state, c10::Device device,
                                       bool transposed);

/// Factor and shift of a dynamic generator's first three norms for a modality, in host memory;
/// undefined tensors for other generators.
[[nodiscard]] std::array<at::Tensor, 3> steering_for(const model::GeneratorArchitecture& a,
                                                     const model::StateDict& state,
                                                     Modality modality);

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
