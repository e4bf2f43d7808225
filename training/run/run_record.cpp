// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_record.hpp"

#include "common/files/temporary_file.hpp"
#include "training/run/run_page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace lmc::training {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds page_interval{30};

/// Writing pages takes at most about a twentieth of the time, however long the log gets.
constexpr int interval_per_writing = 20;

} // namespace

RunRecord::RunRecord(std::filesystem::path folder, const RunLength& length)
    : folder_{std::move(folder)}, length_{length}, log_{folder_ / "log.jsonl", length.first_step},
      progress_{length.first_step, length.steps, length.steps_per_epoch},
      page_due_{steady_clock::now()} {}

void RunRecord::add_step(std::int64_t step, std::int64_t epoch, double learning_rate,
                         const StepLosses& losses, bool adversarial) {
  nlohmann::json record = to_json(losses, adversarial);
  record["step"] = step;
  record["epoch"] = epoch;
  record["learning_rate"] = learning_rate;
  log_.add(record);
  progress_.update(step, losses);
  if (steady_clock::now() >= page_due_) {
    write_page(step);
  }
}

void RunRecord::end_epoch(std::int64_t step, std::int64_t epoch,
                          const std::optional<ValidationResult>& validation) {
  if (validation) {
    log_.add({{"step", step}, {"epoch", epoch}, {"validation", to_json(*validation)}});
    samples_ = samples_html(validation->samples, epoch);
  }
  progress_.end_epoch(epoch, validation ? validation->score() : std::nullopt);
  if (validation || step == length_.steps || steady_clock::now() >= page_due_) {
    write_page(step);
  }
}

void RunRecord::write_page(std::int64_t step) {
  const auto start = steady_clock::now();
  const bool last = step == length_.steps;
  const std::string progress = fmt::format(
      "{}: step {} of {}, epoch {} of {}", last ? "Done" : "Training", step, length_.steps,
      (step - 1) / length_.steps_per_epoch + 1, length_.steps / length_.steps_per_epoch);
  const RunPage page{.title = "Training of " + folder_.lexically_normal().string(),
                     .progress = progress,
                     .samples = samples_,
                     .refresh_seconds = last ? 0 : static_cast<int>(page_interval.count())};
  write_file(folder_ / "training.html", run_page_html(page, log_.records()), Existing::replace);
  const auto end = steady_clock::now();
  page_due_ =
      end + std::max<steady_clock::duration>(page_interval, interval_per_writing * (end - start));
}

} // namespace lmc::training
