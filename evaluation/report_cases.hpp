// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/evaluate.hpp"

#include <span>
#include <string>

namespace lmc::evaluation {

/// Section of the report with each organelle's worst, median and best image by PCC: input, truth,
/// prediction, error. Reads the images again.
[[nodiscard]] std::string cases_html(std::span<const Evaluation> evaluations);

} // namespace lmc::evaluation
