// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "evaluation/any_plane.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace lmc::evaluation {

/// The challenge's metrics of one prediction. Nothing where a metric does not count for the
/// organelle or is undefined.
struct Metrics {
  std::optional<double> mae;    ///< mean absolute error; nucleus and mitochondria only
  std::optional<double> ssim;   ///< structural similarity; undefined below 7 x 7 pixels and for two
                                ///< constant planes
  std::optional<double> pcc;    ///< Pearson correlation; 0 when one plane is constant
  std::optional<double> e_dist; ///< L2 norm of the difference; nucleus and mitochondria only
  std::optional<double> c_dist; ///< |1 - cosine similarity|, 1 when a plane is all zero; nucleus
                                ///< and mitochondria only
};

/// A metric's name in files, its name for people, and its place.
struct MetricField {
  std::string_view name;
  std::string_view title;
  std::optional<double> Metrics::*member;
  bool higher_is_better;
};

/// All metrics, in the order of the challenge's table.
inline constexpr std::array<MetricField, 5> metric_fields{
    {{"mae", "MAE", &Metrics::mae, false},
     {"ssim", "SSIM", &Metrics::ssim, true},
     {"pcc", "PCC", &Metrics::pcc, true},
     {"e_dist", "Euclidean distance", &Metrics::e_dist, false},
     {"c_dist", "Cosine distance", &Metrics::c_dist, false}}};

/// Whether MAE and the two distances count for an organelle.
[[nodiscard]] constexpr bool distances_count(Organelle organelle) {
  return organelle == Organelle::nucleus || organelle == Organelle::mitochondria;
}

/// Light My Cells metrics in double, both planes normalised to their own percentiles 2 and 99.8.
/// @throws std::invalid_argument when the sizes differ, a plane is empty or not finite
[[nodiscard]] Metrics compute(const AnyView& prediction, const AnyView& truth, Organelle organelle);

/// {"mae": ..., "ssim": ..., "pcc": ..., "e_dist": ..., "c_dist": ...}, null for nothing.
[[nodiscard]] nlohmann::json to_json(const Metrics& metrics);

} // namespace lmc::evaluation
