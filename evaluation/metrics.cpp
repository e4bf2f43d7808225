// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.hpp"

#include "evaluation/correlation.hpp"
#include "evaluation/normalised_plane.hpp"
#include "evaluation/ssim.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace lmc::evaluation {

namespace {

/// Sums over all pixels of a pair of normalised planes.
struct Sums {
  double prediction = 0;
  double truth = 0;
  double absolute_difference = 0;
  double squared_difference = 0;
  double squared_prediction = 0;
  double squared_truth = 0;
};

/// Calls `function` with each pair of rows.
template <class Function>
void for_each_row(const NormalisedPlane& prediction, const NormalisedPlane& truth,
                  Function&& function) {
  std::vector<double> p(static_cast<std::size_t>(prediction.width()));
  std::vector<double> t(p.size());
  for (Index y = 0; y < truth.height(); ++y) {
    prediction.row(y, p);
    truth.row(y, t);
    function(p, t);
  }
}

// Each row is summed on its own first: the rounding error then grows with height + width.
Sums sums_of(const NormalisedPlane& prediction, const NormalisedPlane& truth) {
  Sums all;
  for_each_row(prediction, truth, [&](const auto& p, const auto& t) {
    Sums row;
    for (std::size_t x = 0; x < p.size(); ++x) {
      const double difference = p[x] - t[x];
      row.prediction += p[x];
      row.truth += t[x];
      row.absolute_difference += std::abs(difference);
      row.squared_difference += difference * difference;
      row.squared_prediction += p[x] * p[x];
      row.squared_truth += t[x] * t[x];
    }
    all.prediction += row.prediction;
    all.truth += row.truth;
    all.absolute_difference += row.absolute_difference;
    all.squared_difference += row.squared_difference;
    all.squared_prediction += row.squared_prediction;
    all.squared_truth += row.squared_truth;
  });
  return all;
}

/// Pearson correlation; where it is 0 / 0 the challenge counts 0.
double correlation(const NormalisedPlane& prediction, const NormalisedPlane& truth,
                   double prediction_mean, double truth_mean) {
  if (prediction.is_constant() || truth.is_constant()) {
    return 0;
  }
  Correlation sums{prediction_mean, truth_mean};
  for_each_row(prediction, truth,
               [&](std::span<const double> p, std::span<const double> t) { sums.add(p, t); });
  return sums.value();
}

/// |1 - cos| as half the squared distance of the two directions: 1 minus a cosine near 1 would
/// keep few digits.
double cosine_distance(const NormalisedPlane& prediction, const NormalisedPlane& truth,
                       const Sums& sums) {
  const double prediction_norm = std::sqrt(sums.squared_prediction);
  const double truth_norm = std::sqrt(sums.squared_truth);
  if (prediction_norm == 0 || truth_norm == 0) {
    return 1;
  }
  double squares = 0;
  for_each_row(prediction, truth, [&](const auto& p, const auto& t) {
    double row = 0;
    for (std::size_t x = 0; x < p.size(); ++x) {
      const double difference = p[x] / prediction_norm - t[x] / truth_norm;
      row += difference * difference;
    }
    squares += row;
  });
  return squares / 2;
}

} // namespace

Metrics compute(const AnyView& prediction_view, const AnyView& truth_view, Organelle organelle) {
  const NormalisedPlane prediction{prediction_view};
  const NormalisedPlane truth{truth_view};
  if (prediction.height() != truth.height() || prediction.width() != truth.width()) {
    throw std::invalid_argument{fmt::format("a prediction of {} x {} pixels and a truth of {} x {}",
                                            prediction.width(), prediction.height(), truth.width(),
                                            truth.height())};
  }
  const auto pixels = static_cast<double>(truth.height() * truth.width());
  const Sums sums = sums_of(prediction, truth);
  Metrics metrics;
  metrics.pcc = correlation(prediction, truth, sums.prediction / pixels, sums.truth / pixels);
  metrics.ssim = structural_similarity(prediction, truth);
  if (distances_count(organelle)) {
    metrics.mae = sums.absolute_difference / pixels;
    metrics.e_dist = std::sqrt(sums.squared_difference);
    metrics.c_dist = cosine_distance(prediction, truth, sums);
  }
  return metrics;
}

nlohmann::json to_json(const Metrics& metrics) {
  nlohmann::json json = nlohmann::json::object();
  for (const MetricField& field : metric_fields) {
    const std::optional<double>& value = metrics.*field.member;
    json[std::string{field.name}] = value ? nlohmann::json(*value) : nlohmann::json(nullptr);
  }
  return json;
}

} // namespace lmc::evaluation
