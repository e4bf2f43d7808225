// SPDX-License-Identifier: Apache-2.0
#include "training/run_record.hpp"

#include <nlohmann/json.hpp>

namespace lmc::training {

RunRecord::RunRecord(const std::filesystem::path& log, std::int64_t first_step, std::int64_t steps,
                     std::int64_t steps_per_epoch)
    : log_{log, first_step}, progress_{first_step, steps, steps_per_epoch} {}

void RunRecord::add_step(std::int64_t step, std::int64_t epoch, double learning_rate,
                         const StepLosses& losses, bool adversarial) {
  nlohmann::json record = to_json(losses, adversarial);
  record["step"] = step;
  record["epoch"] = epoch;
  record["learning_rate"] = learning_rate;
  log_.add(record);
  progress_.update(step, losses);
}

void RunRecord::end_epoch(std::int64_t step, std::int64_t epoch,
                          const std::optional<ValidationResult>& validation) {
  if (validation) {
    log_.add({{"step", step}, {"epoch", epoch}, {"validation", to_json(*validation)}});
  }
  progress_.end_epoch(epoch, validation ? validation->score() : std::nullopt);
}

} // namespace lmc::training
