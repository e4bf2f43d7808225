// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/pair.hpp"

#include <filesystem>

namespace lmc::evaluation {

/// Pairs listed in a CSV table: columns `prediction`, `truth`, `organelle`, and if wanted
/// `modality`, `focus_deviation`, `input`, in any order. Relative paths are below the table's
/// folder. Rows whose truth is empty or does not exist are skipped.
/// @throws Error input_missing; configuration for another column or a value that means nothing
[[nodiscard]] PairList pairs_in_csv(const std::filesystem::path& table);

} // namespace lmc::evaluation
