// SPDX-License-Identifier: Apache-2.0
#include "training/learning_rate.hpp"

#include <algorithm>

namespace lmc::training {

double learning_rate(const LearningRateSchedule& schedule, std::int64_t epoch) {
  if (schedule.decay_epochs == 0) {
    return schedule.initial;
  }
  const auto beyond =
      static_cast<double>(std::max<std::int64_t>(0, epoch + 1 - schedule.constant_epochs));
  return schedule.initial * (1 - beyond / static_cast<double>(schedule.decay_epochs + 1));
}

} // namespace lmc::training
