// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/field.hpp"
#include "training/data/plane_cache.hpp"

#include <cstddef>
#include <vector>

namespace lmc::training {

/// Reads every file once and takes out what training cannot use: files that cannot be read or are
/// all zero, labels and planes whose size differs from the field's first readable plane, fields
/// smaller than a crop, and fields that end up without plane or label. Modalities that the list
/// does not give are read from the files.
/// @param crop side of a crop, pixels
/// @param threads read at the same time; the result does not depend on them
/// @return what was taken out
[[nodiscard]] std::vector<DataProblem> check_files(std::vector<Field>& fields, PlaneCache& cache,
                                                   Index crop, int threads);

/// Logs the problems, the first of them one by one.
/// @param files in all
/// @throws Error input_corrupt when more than `max_fraction` of the files are bad; three always may
void report_problems(const std::vector<DataProblem>& problems, std::size_t files,
                     double max_fraction);

} // namespace lmc::training
