// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"
#include "dataset/pairs.hpp"
#include "evaluation/any_plane.hpp"
#include "evaluation/metrics.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lmc::evaluation {

/// One plane of a prediction, compared.
struct Evaluation {
  dataset::Pair pair;
  std::size_t t = 0; ///< of the prediction's stack
  std::size_t z = 0;
  bool in_stack = false; ///< the prediction has several planes
  std::size_t height = 0;
  std::size_t width = 0;
  Metrics metrics; ///< nothing where there is an error
  std::vector<std::string> warnings;
  std::optional<Error> error;
};

/// The two planes that an evaluation compares.
struct PlanePair {
  AnyPlane prediction;
  AnyPlane truth;
};

/// Reads the planes of an evaluation again. @throws Error as `evaluate_pair`
[[nodiscard]] PlanePair read_planes(const Evaluation& evaluation);

/// Compares every plane of a prediction. A truth with one focal plane (time point) stands for all
/// of the prediction's; then the deviation from focus is |z - middle| unless the pair has one.
/// @throws Error for files that cannot be read; input_mismatch for different sizes
[[nodiscard]] std::vector<Evaluation> evaluate_pair(const dataset::Pair& pair);

/// Told after each pair, one at a time; `of_pair` has its planes, or one entry with its error.
using EvaluationProgress = std::function<void(const std::vector<Evaluation>& of_pair)>;

/// Compares all pairs, several at a time; the result is in their order. An Error of one pair is
/// recorded and the others go on.
/// @param threads at least 1
/// @throws Interrupted, std::bad_alloc
[[nodiscard]] std::vector<Evaluation> evaluate_pairs(std::span<const dataset::Pair> pairs,
                                                     int threads,
                                                     const EvaluationProgress& progress);

} // namespace lmc::evaluation
