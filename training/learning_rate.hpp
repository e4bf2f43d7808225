// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lmc::training {

/// The paper's schedule: constant, then linearly to zero.
struct LearningRateSchedule {
  double initial = 2e-4;
  std::int64_t constant_epochs = 150;
  std::int64_t decay_epochs = 150;

  [[nodiscard]] std::int64_t epochs() const { return constant_epochs + decay_epochs; }
};

/// Rate of an epoch, counted from 1. As in the published code the schedule advances at the start of
/// an epoch: initial * (1 - max(0, epoch + 1 - constant) / (decay + 1)), so that the first epoch
/// below the initial rate is number `constant_epochs` and the last runs at exactly zero.
/// Without decay epochs it stays constant.
[[nodiscard]] double learning_rate(const LearningRateSchedule& schedule, std::int64_t epoch);

} // namespace lmc::training
