// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <cstdint>
#include <string_view>

namespace lmc::model {

/// FNV-1a hash, 64 bits.
[[nodiscard]] std::uint64_t fnv1a64(std::string_view text);

/// SplitMix64's output for state `x`.
[[nodiscard]] std::uint64_t splitmix64(std::uint64_t x);

/// Untrained weights that anybody can compute again: every value is a hash of the tensor's name and
/// the value's index, scaled so that signals keep their size through the layers. The same numbers
/// on every machine.
/// @param name_prefix hashed in front of each name, for networks that share their names
[[nodiscard]] StateDict formula_weights(const TensorSpecs& specs,
                                        std::string_view name_prefix = {});
[[nodiscard]] StateDict formula_weights(const Architecture& architecture);

} // namespace lmc::model
