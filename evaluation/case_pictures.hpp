// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/evaluate.hpp"

#include <string>

namespace lmc::evaluation {

/// Error that is drawn in the brightest colour: half of the truth's own span from its percentile 2
/// to 99.8. One scale for all, so that pictures can be compared.
inline constexpr double brightest_error = 0.5;

/// Pictures of one evaluation as PNG files, at most 300 pixels wide and high.
struct CasePictures {
  std::string input; ///< empty where there is no input that can be read
  std::string truth;
  std::string prediction;
  std::string error; ///< |prediction - truth|, both normalised, on viridis
};

/// Prediction and truth are shown as the metrics see them, from their percentile 2 (black) to 99.8
/// (white).
/// @throws Error when the files cannot be read again
[[nodiscard]] CasePictures pictures_of(const Evaluation& evaluation);

} // namespace lmc::evaluation
