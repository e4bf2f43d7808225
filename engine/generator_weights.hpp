// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cpu/generator_engine.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

namespace lmc::engine {

/// The weights of a generator as the CPU engine takes them, by the names of model/generator.hpp.
/// The spans point into `state`, whose tensors are contiguous float32 in host memory.
[[nodiscard]] cpu::GeneratorWeights generator_weights(const model::GeneratorArchitecture& a,
                                                      const model::StateDict& state);

/// Factor and shift of a dynamic generator's first three norms for a modality; empty ones for other
/// generators.
[[nodiscard]] cpu::SteeredNorms steered_norms(const model::GeneratorArchitecture& a,
                                              const model::StateDict& state, Modality modality);

} // namespace lmc::engine
