// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/optimisation_step.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

namespace lmc::training {

/// The lines of a run's `log.jsonl`: one JSON object a step and one a validation, each with its
/// "step". All of them are kept in memory too, for the curves.
class RunLog {
public:
  /// Goes on after `steps` steps: what an interrupted run wrote beyond its checkpoint is taken out.
  /// @throws Error output_*
  RunLog(std::filesystem::path file, std::int64_t steps);

  /// @throws Error output_failed
  void add(const nlohmann::json& record);

  [[nodiscard]] const std::vector<nlohmann::json>& records() const { return records_; }

private:
  std::filesystem::path file_;
  std::vector<nlohmann::json> records_;
  std::ofstream stream_;
};

/// {"step": 12, "epoch": 1, "learning_rate": ..., "loss": ..., "nucleus": {"l1": ...}, ...}
[[nodiscard]] nlohmann::json to_json(const StepLosses& losses, bool adversarial);

} // namespace lmc::training
