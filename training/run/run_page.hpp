// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/validation.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace lmc::training {

/// What `training.html` tells of a run.
struct RunPage {
  std::string title;
  std::string progress;    ///< one line of text
  std::string samples;     ///< HTML of `samples_html`; empty before the first validation
  int refresh_seconds = 0; ///< how often the browser looks for a newer page; 0: it is the last
};

/// A page that needs no other file and no network: losses of each organelle, learning rate and
/// validation PCC as charts, and the sample predictions.
/// @param records of the run's log; a step's losses are averaged over up to 1/300 of the run
[[nodiscard]] std::string run_page_html(const RunPage& page,
                                        const std::vector<nlohmann::json>& records);

/// Input, label and prediction of every labelled organelle of some crops, as embedded PNG files.
/// Labels and predictions share the range of the label.
/// @param epoch that the predictions are of
[[nodiscard]] std::string samples_html(const std::vector<SamplePrediction>& samples,
                                       std::int64_t epoch);

} // namespace lmc::training
