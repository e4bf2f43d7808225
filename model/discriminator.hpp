// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace lmc {
class FieldReader;
class FieldWriter;
} // namespace lmc

namespace lmc::model {

/// PatchGAN discriminator of one organelle, which judges predictions while a network is trained.
struct DiscriminatorArchitecture {
  std::int64_t filters = 64;
  std::int64_t layers = 3;         ///< stride-2 convolutions
  std::int64_t input_channels = 2; ///< transmitted light and organelle

  friend bool operator==(const DiscriminatorArchitecture&,
                         const DiscriminatorArchitecture&) = default;
};

/// One line for messages.
[[nodiscard]] std::string describe(const DiscriminatorArchitecture& architecture);

/// JSON fields with their ranges, see common/records/fields.hpp; `"network": "discriminator"` among
/// them.
void visit_fields(FieldReader& fields, DiscriminatorArchitecture& a);
void visit_fields(FieldWriter& fields, DiscriminatorArchitecture& a);

/// The discriminator's tensors in state-dict order.
[[nodiscard]] TensorSpecs tensor_specs(const DiscriminatorArchitecture& architecture);

/// PatchGAN: 4x4 convolutions, LeakyReLU 0.2, instance norm except on the first and last.
/// @param pairs [n, input_channels, height, width]: transmitted light and organelle in [-1, 1]
/// @return logits [n, 1, height / 8 - 2, width / 8 - 2] for three stride-2 layers
[[nodiscard]] at::Tensor discriminate(const DiscriminatorArchitecture& architecture,
                                      const StateDict& state, const at::Tensor& pairs);

} // namespace lmc::model
