// SPDX-License-Identifier: Apache-2.0
#include "training/learning_rate.hpp"

#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace lmc::training;

CATCH_TEST_CASE("the schedule agrees with the published code in every epoch") {
  const LearningRateSchedule schedule;
  const auto table = test::reference_json("learning_rate.json");
  CATCH_REQUIRE(table["by_training_epoch"].size() == static_cast<std::size_t>(schedule.epochs()));
  for (const auto& [epoch, rate] : table["by_training_epoch"].items()) {
    CATCH_CAPTURE(epoch);
    CATCH_CHECK(learning_rate(schedule, std::stoll(epoch)) ==
                Approx(rate.get<double>()).epsilon(1e-12).margin(1e-18));
  }
  for (const auto& [epoch, rate] : table["resumed_at_epoch_236"].items()) {
    CATCH_CHECK(learning_rate(schedule, std::stoll(epoch)) ==
                Approx(rate.get<double>()).epsilon(1e-12).margin(1e-18));
  }
}

CATCH_TEST_CASE("without decay epochs the rate stays") {
  const LearningRateSchedule schedule{.initial = 1e-3, .constant_epochs = 3, .decay_epochs = 0};
  CATCH_CHECK(learning_rate(schedule, 1) == 1e-3);
  CATCH_CHECK(learning_rate(schedule, 3) == 1e-3);
}
