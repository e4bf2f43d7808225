// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "model/architecture.hpp"
#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace lmc::model {

/// Called with the name and the output of every module, for finding the first layer that differs
/// from a reference.
using Trace = std::function<void(const std::string& module, const at::Tensor& output)>;

/// One run of the generator.
struct GeneratorRun {
  LayerMode mode;
  at::Tensor codes; ///< float [n, 3] or [1, 3], see `modality_code`; read by dynamic networks only
  Trace trace;
};

/// The generator's tensors in state-dict order.
[[nodiscard]] TensorSpecs tensor_specs(const GeneratorArchitecture& architecture);

/// Stem, down-sampling and residual blocks.
/// @param windows [n, 1, height, width] in [-1, 1], height and width multiples of 4
/// @return [n, 4 * filters, height / 4, width / 4]
[[nodiscard]] at::Tensor generator_trunk(const GeneratorArchitecture& architecture,
                                         const StateDict& state, const at::Tensor& windows,
                                         const GeneratorRun& run = {});

/// The decoder of one organelle.
/// @return [n, 1, height, width] in [-1, 1]
[[nodiscard]] at::Tensor generator_decoder(const GeneratorArchitecture& architecture,
                                           const StateDict& state, const at::Tensor& trunk,
                                           Organelle organelle, const GeneratorRun& run = {});

/// One decoder for each organelle.
/// @return [n, 4, height, width] in [-1, 1], channels in the order of `Organelle`
[[nodiscard]] at::Tensor generator_decoders(const GeneratorArchitecture& architecture,
                                            const StateDict& state, const at::Tensor& trunk,
                                            const GeneratorRun& run = {});

} // namespace lmc::model
