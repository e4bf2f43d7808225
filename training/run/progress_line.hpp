// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/optimisation_step.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace lmc::training {

/// Progress of a run on stderr: on a terminal one line that is rewritten, elsewhere a line each
/// half minute; besides, one line for each epoch.
class ProgressLine {
public:
  ProgressLine(std::int64_t first_step, std::int64_t steps, std::int64_t steps_per_epoch);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(std::int64_t step, const StepLosses& losses);
  /// @param score of the validation
  void end_epoch(std::int64_t epoch, const std::optional<double>& score);

private:
  [[nodiscard]] std::string text(std::int64_t step) const;

  std::int64_t first_step_;
  std::int64_t steps_;
  std::int64_t steps_per_epoch_;
  std::int64_t step_;
  bool terminal_;
  bool line_open_ = false;
  double smooth_loss_ = 0; ///< exponential mean over about 50 steps
  double smooth_weight_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

} // namespace lmc::training
