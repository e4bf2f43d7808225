// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/configuration.hpp"
#include "training/data/split.hpp"

#include <filesystem>

namespace lmc::training {

/// The fields of a run, of the modality that a separate network learns, checked and split.
/// @param record file that keeps which files are used and which are not, and why; with `resume`
///   it is read instead of checking every file again
/// @throws Error input_*, configuration when no field is left to learn from
[[nodiscard]] Split prepare_data(const Configuration& configuration, PlaneCache& cache,
                                 const std::filesystem::path& record, bool resume);

} // namespace lmc::training
