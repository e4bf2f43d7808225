// SPDX-License-Identifier: Apache-2.0
#include "training/run/progress_line.hpp"

#include "common/running/progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>

namespace lmc::training {

namespace {

constexpr double forgotten = 0.98;

} // namespace

ProgressLine::ProgressLine(std::int64_t first_step, std::int64_t steps,
                           std::int64_t steps_per_epoch)
    : first_step_{first_step}, steps_{steps},
      steps_per_epoch_{steps_per_epoch}, step_{first_step}, terminal_{isatty(STDERR_FILENO) == 1},
      start_{std::chrono::steady_clock::now()}, drawn_{start_} {}

ProgressLine::~ProgressLine() {
  if (line_open_) {
    std::fputs("\n", stderr);
  }
}

std::string ProgressLine::text(std::int64_t step) const {
  const double elapsed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double each = elapsed / static_cast<double>(step - first_step_);
  return fmt::format("{:3.0f}%  epoch {}  step {}/{}  loss {:.3f}  {:.2f} s a step  {} left",
                     100 * static_cast<double>(step) / static_cast<double>(steps_),
                     (step - 1) / steps_per_epoch_ + 1, step, steps_, smooth_loss_ / smooth_weight_,
                     each, clock_text(each * static_cast<double>(steps_ - step)));
}

void ProgressLine::update(std::int64_t step, const StepLosses& losses) {
  step_ = step;
  smooth_loss_ = forgotten * smooth_loss_ + (1 - forgotten) * losses.total;
  smooth_weight_ = forgotten * smooth_weight_ + (1 - forgotten);
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < (terminal_ ? std::chrono::milliseconds{200} : std::chrono::seconds{30})) {
    return;
  }
  drawn_ = now;
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", text(step), terminal_ ? "" : "\n");
  line_open_ = terminal_;
}

void ProgressLine::end_epoch(std::int64_t epoch, const std::optional<double>& score) {
  const std::string validation = score ? fmt::format("  validation PCC {:.4f}", *score) : "";
  fmt::print(stderr, "{}epoch {} done: {}{}\n", line_open_ ? "\r\x1b[K" : "", epoch, text(step_),
             validation);
  line_open_ = false;
}

} // namespace lmc::training
