// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/optimisation_step.hpp"
#include "training/progress_line.hpp"
#include "training/run_log.hpp"
#include "training/validation.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace lmc::training {

/// What a run tells while it goes on: the lines of its log and its progress.
class RunRecord {
public:
  /// @param log `log.jsonl`
  /// @param first_step steps done before, of `steps` @throws Error output_*
  RunRecord(const std::filesystem::path& log, std::int64_t first_step, std::int64_t steps,
            std::int64_t steps_per_epoch);

  /// @param step, epoch from 1
  void add_step(std::int64_t step, std::int64_t epoch, double learning_rate,
                const StepLosses& losses, bool adversarial);

  /// @param validation nothing when this epoch has none
  void end_epoch(std::int64_t step, std::int64_t epoch,
                 const std::optional<ValidationResult>& validation);

private:
  RunLog log_;
  ProgressLine progress_;
};

} // namespace lmc::training
