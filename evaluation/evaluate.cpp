// SPDX-License-Identifier: Apache-2.0
#include "evaluation/evaluate.hpp"

#include "common/running/parallel.hpp"
#include "image/plane_source.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <memory>
#include <mutex>

namespace lmc::evaluation {

namespace {

/// The open files of a pair.
struct Stacks {
  std::unique_ptr<image::PlaneSource> prediction;
  std::unique_ptr<image::PlaneSource> truth;
};

void check_size(const dataset::Pair& pair, const Stacks& stacks) {
  const image::StackInfo& p = stacks.prediction->info();
  const image::StackInfo& t = stacks.truth->info();
  if (p.height != t.height || p.width != t.width) {
    throw Error{ErrorCode::input_mismatch, pair.prediction.string(),
                fmt::format("its {} x {} pixels are not the {} x {} of its truth {}", p.width,
                            p.height, t.width, t.height, pair.truth.string()),
                "compare images of the same field"};
  }
  if ((t.z_planes != 1 && t.z_planes != p.z_planes) ||
      (t.t_planes != 1 && t.t_planes != p.t_planes)) {
    throw Error{ErrorCode::input_mismatch, pair.prediction.string(),
                fmt::format("its {} focal planes and {} time points are not the {} and {} of its "
                            "truth {}",
                            p.z_planes, p.t_planes, t.z_planes, t.t_planes, pair.truth.string()),
                "give a truth of one plane, or of as many planes"};
  }
}

Stacks open(const dataset::Pair& pair) {
  Stacks stacks{image::open_planes(pair.prediction, {}), image::open_planes(pair.truth, {})};
  check_size(pair, stacks);
  return stacks;
}

PlanePair planes_of(const dataset::Pair& pair, const Stacks& stacks, std::size_t t, std::size_t z) {
  const image::StackInfo& truth = stacks.truth->info();
  const std::size_t truth_t = truth.t_planes == 1 ? 0 : t;
  const std::size_t truth_z = truth.z_planes == 1 ? 0 : z;
  return {plane_of(stacks.prediction->read_grey(t, z), pair.prediction),
          plane_of(stacks.truth->read_grey(truth_t, truth_z), pair.truth)};
}

/// What the input's metadata add to a pair. An input that cannot be read costs only the picture.
void ask_input(Evaluation& evaluation) {
  if (evaluation.pair.input.empty()) {
    return;
  }
  try {
    const auto input = image::open_planes(evaluation.pair.input, {});
    if (evaluation.pair.modality == Modality::unknown) {
      evaluation.pair.modality = input->info().modality;
    }
  } catch (const Error& error) {
    evaluation.warnings.emplace_back(error.what());
  }
}

void warn_of_undefined(Evaluation& evaluation) {
  if (!evaluation.metrics.ssim) {
    evaluation.warnings.emplace_back(
        evaluation.height < 7 || evaluation.width < 7
            ? "SSIM is undefined: the image is smaller than 7 x 7 pixels"
            : "SSIM is undefined: prediction and truth are constant");
  }
}

Evaluation compared(const Evaluation& known, const Stacks& stacks, std::size_t t, std::size_t z) {
  Evaluation evaluation = known;
  evaluation.t = t;
  evaluation.z = z;
  const image::StackInfo& prediction = stacks.prediction->info();
  if (!evaluation.pair.focus_deviation && prediction.z_planes > 1 &&
      stacks.truth->info().z_planes == 1) {
    evaluation.pair.focus_deviation =
        std::abs(static_cast<double>(z) - static_cast<double>(prediction.z_planes / 2));
  }
  const PlanePair planes = planes_of(evaluation.pair, stacks, t, z);
  evaluation.metrics =
      compute(view_of(planes.prediction), view_of(planes.truth), evaluation.pair.organelle);
  warn_of_undefined(evaluation);
  return evaluation;
}

/// The pair's evaluations, or its error.
std::vector<Evaluation> attempt(const dataset::Pair& pair) {
  try {
    return evaluate_pair(pair);
  } catch (const Error& error) {
    Evaluation failed;
    failed.pair = pair;
    failed.error = error;
    return {failed};
  }
}

} // namespace

PlanePair read_planes(const Evaluation& evaluation) {
  return planes_of(evaluation.pair, open(evaluation.pair), evaluation.t, evaluation.z);
}

std::vector<Evaluation> evaluate_pair(const dataset::Pair& pair) {
  const Stacks stacks = open(pair);
  const image::StackInfo& prediction = stacks.prediction->info();
  Evaluation known;
  known.pair = pair;
  known.height = prediction.height;
  known.width = prediction.width;
  known.in_stack = prediction.z_planes * prediction.t_planes > 1;
  ask_input(known);
  std::vector<Evaluation> evaluations;
  for (std::size_t t = 0; t < prediction.t_planes; ++t) {
    for (std::size_t z = 0; z < prediction.z_planes; ++z) {
      evaluations.push_back(compared(known, stacks, t, z));
    }
  }
  return evaluations;
}

std::vector<Evaluation> evaluate_pairs(std::span<const dataset::Pair> pairs, int threads,
                                       const EvaluationProgress& progress) {
  std::vector<std::vector<Evaluation>> results(pairs.size());
  std::mutex mutex;
  parallel_for_each(pairs.size(), threads, [&](std::size_t i) {
    results[i] = attempt(pairs[i]);
    const std::lock_guard lock{mutex};
    progress(results[i]);
  });
  std::vector<Evaluation> all;
  for (auto& of_pair : results) {
    all.insert(all.end(), std::make_move_iterator(of_pair.begin()),
               std::make_move_iterator(of_pair.end()));
  }
  return all;
}

} // namespace lmc::evaluation
