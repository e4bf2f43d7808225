// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/field.hpp"

#include <cstdint>
#include <vector>

namespace lmc::training {

/// Fields to learn from and fields to watch the progress on.
struct Split {
  std::vector<Field> training;
  std::vector<Field> validation;
};

/// Splits by field of view, never by plane, within each modality. The same seed and names give the
/// same split, whatever the order of the files.
/// @param validation_fraction of the fields of each modality, rounded to the nearest; at least one
///   of three or more when the fraction is not zero
[[nodiscard]] Split split_fields(std::vector<Field> fields, double validation_fraction,
                                 std::uint64_t seed);

} // namespace lmc::training
