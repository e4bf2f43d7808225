// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataset/pairs.hpp"
#include "evaluation/evaluate.hpp"
#include "evaluation/summary.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace lmc::evaluation {

/// Everything that a run of `lmc evaluate` found out.
struct Report {
  std::vector<Evaluation> evaluations; ///< those with an error too
  std::vector<dataset::SkippedPrediction> skipped;
  std::vector<std::filesystem::path> unused_truths;
  Summary summary;
};

/// Evaluations with an error.
[[nodiscard]] std::size_t failures_in(const Report& report);

/// report.json: counts, aggregates, every pair. No value in it is NaN.
[[nodiscard]] nlohmann::json to_json(const Report& report);

/// report.csv: a heading and one row per compared plane, failed pair, and skipped prediction (RFC
/// 4180, decimal points; empty where a metric does not count or is undefined).
[[nodiscard]] std::string to_csv(const Report& report);

/// report.html: one page that needs no other file.
[[nodiscard]] std::string to_html(const Report& report);

/// Its section with each organelle's worst, median and best image by PCC: input, truth, prediction,
/// error. Reads the images again.
[[nodiscard]] std::string cases_html(std::span<const Evaluation> evaluations);

} // namespace lmc::evaluation
