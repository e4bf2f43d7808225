// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <cstdint>
#include <string_view>

namespace lmc::training {

/// Weights of a new network as PyTorch initialises its layers by default: convolution weights and
/// biases uniform in +-1/sqrt(fan_in) (kaiming_uniform with a = sqrt 5), batch norms 1 and 0. The
/// same seed and name give the same weights, whatever the machine and the number of threads.
/// @param name distinguishes networks that share their tensor names, e.g. the discriminators
[[nodiscard]] model::StateDict initial_weights(const model::TensorSpecs& specs, std::uint64_t seed,
                                               std::string_view name);

} // namespace lmc::training
