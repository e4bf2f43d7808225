// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/evaluate.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lmc::evaluation {

/// A metric over some images; those for which it is undefined are not counted.
struct Statistics {
  std::size_t count = 0;
  double mean = 0;
  double deviation = 0; ///< standard deviation of the sample; 0 for one image
  double lowest = 0;
  double quartile1 = 0;
  double median = 0;
  double quartile3 = 0;
  double highest = 0;
};

/// @return nothing for no values
[[nodiscard]] std::optional<Statistics> statistics_of(std::span<const double> values);

/// What the images of a group have in common.
struct GroupKey {
  std::optional<Organelle> organelle = std::nullopt;
  std::optional<Modality> modality = std::nullopt;
  std::optional<double> focus_deviation = std::nullopt;

  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

/// Metrics over a group of images.
struct Group {
  GroupKey key;
  std::size_t images = 0;
  std::array<std::optional<Statistics>, metric_fields.size()> metrics; ///< as `metric_fields`
};

/// The challenge's aggregates. Images with an error are in none.
struct Summary {
  std::vector<Group> by_organelle;
  std::vector<Group> by_modality;
  std::vector<Group> by_organelle_and_modality;
  std::vector<Group> by_focus_deviation; ///< and organelle; images of known deviation
};

[[nodiscard]] Summary summarise(std::span<const Evaluation> evaluations);

[[nodiscard]] nlohmann::json to_json(const Group& group);
[[nodiscard]] nlohmann::json to_json(const Summary& summary);

} // namespace lmc::evaluation
