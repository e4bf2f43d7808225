// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/optimisation_step.hpp"
#include "training/run/progress_line.hpp"
#include "training/run/run_log.hpp"
#include "training/validation.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lmc::training {

/// A run's length.
struct RunLength {
  std::int64_t first_step = 0; ///< steps done before
  std::int64_t steps = 0;      ///< in all
  std::int64_t steps_per_epoch = 1;
};

/// What a run tells while it goes on: the lines of `log.jsonl`, progress on stderr, and
/// `training.html`, which is written anew after each epoch, twice a minute, and at the end.
class RunRecord {
public:
  /// @throws Error output_*
  RunRecord(std::filesystem::path folder, const RunLength& length);

  /// @param step, epoch from 1
  void add_step(std::int64_t step, std::int64_t epoch, double learning_rate,
                const StepLosses& losses, bool adversarial);

  /// @param validation nothing when this epoch has none
  void end_epoch(std::int64_t step, std::int64_t epoch,
                 const std::optional<ValidationResult>& validation);

private:
  void write_page(std::int64_t step);

  std::filesystem::path folder_;
  RunLength length_;
  RunLog log_;
  ProgressLine progress_;
  std::string samples_; ///< HTML
  std::chrono::steady_clock::time_point page_due_;
};

} // namespace lmc::training
