// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/temporary_file.hpp"
#include "dataset/pairs.hpp"

#include <filesystem>

namespace lmc::app {

/// How a report is made.
struct EvaluationRun {
  std::filesystem::path report; ///< folder
  int threads = 0;              ///< pairs at a time; 0: as many threads as this process may use
  Existing existing = Existing::refuse;
};

/// Finds out that the report can be written. @throws Error output_unwritable, output_exists
void check_report(const EvaluationRun& run);

/// Compares all pairs and writes report.json, report.csv and report.html; prints the means.
/// @return 0
/// @throws Error input_ambiguous when there is nothing to compare; partial when pairs failed (a
/// single pair: its own error), after the report is written
[[nodiscard]] int run_evaluation(const EvaluationRun& run, dataset::PairList pairs);

/// Prints one pair's metrics as one JSON object on one line. @return 0
/// @throws Error as `evaluation::evaluate_pair`; input_ambiguous for a stack
[[nodiscard]] int print_metrics(const dataset::Pair& pair);

} // namespace lmc::app
