// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "model/architecture.hpp"
#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lmc::model {

/// Names, shapes and fill rules of a network's tensors in state-dict order: the contract for
/// loading, for formula weights and for initialisation.
[[nodiscard]] TensorSpecs tensor_specs(const Architecture& architecture);

/// Runs a predicting network as a plain function of its weights; autograd works through it.
/// @param windows [n, 1, height, width] in [-1, 1]
/// @param codes float [n, 3] or, one for all windows, [1, 3]; read by dynamic networks only
/// @return [n, 4, height, width] in [-1, 1], channels in the order of `Organelle`
[[nodiscard]] at::Tensor forward(const Architecture& architecture, const StateDict& state,
                                 const at::Tensor& windows, const at::Tensor& codes = {},
                                 const LayerMode& mode = {});

/// Code of a modality for dynamic networks, float [1, 3]: BF 001, PC 100, DIC 010. An unknown
/// modality gets a third of each: controllers are affine, so the network behaves as the mean of the
/// three.
[[nodiscard]] at::Tensor modality_code(Modality modality);

/// Sides of a window must be multiples of this.
[[nodiscard]] std::int64_t window_multiple(const Architecture& architecture);

/// Checks what `Network::predict` is given.
/// @throws std::invalid_argument unless it is float32 [n, 1, height, width], sides in multiples of
/// `multiple`
void check_windows(const at::Tensor& windows, std::int64_t multiple);

} // namespace lmc::model
