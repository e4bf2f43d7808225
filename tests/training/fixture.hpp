// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "training/configuration.hpp"
#include "training/optimisation_step.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace lmc::training::test {

inline const c10::Device cpu{c10::DeviceType::CPU};

/// The defaults, with a generator and discriminators of that size.
[[nodiscard]] Configuration small_configuration(std::int64_t filters, std::int64_t blocks);

/// A JSON file of tests/reference/training.
[[nodiscard]] nlohmann::json reference_json(const std::string& file);

/// Copies of the tensors of a file of tests/reference/training, which tests may change.
[[nodiscard]] model::StateDict reference_tensors(const std::string& file);

/// The batch of step 1, 2 or 3 of the reference, in double: float32 rounding differs from one
/// processor to the next, and in step 1 it decides the sign of a pixel in front of a ReLU, which
/// moves gradients by 1 %. The reference's double and float32 results agree to 3e-7.
[[nodiscard]] Batch reference_batch(int step);

/// Generator (8 filters, 2 blocks) and four discriminators with the formula weights of the
/// reference's steps. Dropout is off, as there: the module names are kept, the probability is 0.
[[nodiscard]] Trainees reference_trainees();

/// The tensors of all networks, each with its network's prefix, without gradients.
[[nodiscard]] model::StateDict all_tensors(const Trainees& trainees);

/// Samples `begin` to `end` of a batch.
[[nodiscard]] Batch part_of(const Batch& batch, std::int64_t begin, std::int64_t end);

} // namespace lmc::training::test
