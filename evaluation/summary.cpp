// SPDX-License-Identifier: Apache-2.0
#include "evaluation/summary.hpp"

#include "common/percentile.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <string>

namespace lmc::evaluation {

namespace {

/// The group that an evaluation belongs to; nothing when to none.
using KeyOf = std::function<std::optional<GroupKey>(const Evaluation&)>;

std::vector<Group> group_by(std::span<const Evaluation> evaluations, const KeyOf& key_of) {
  std::map<GroupKey, std::vector<const Evaluation*>> members;
  for (const Evaluation& evaluation : evaluations) {
    if (evaluation.error) {
      continue;
    }
    if (const auto key = key_of(evaluation)) {
      members[*key].push_back(&evaluation);
    }
  }
  std::vector<Group> groups;
  for (const auto& [key, images] : members) {
    Group group{key, images.size(), {}};
    for (std::size_t m = 0; m < metric_fields.size(); ++m) {
      std::vector<double> values;
      for (const Evaluation* image : images) {
        if (const auto& value = image->metrics.*metric_fields.at(m).member) {
          values.push_back(*value);
        }
      }
      group.metrics.at(m) = statistics_of(values);
    }
    groups.push_back(group);
  }
  return groups;
}

nlohmann::json to_json(const std::vector<Group>& groups) {
  nlohmann::json array = nlohmann::json::array();
  for (const Group& group : groups) {
    array.push_back(to_json(group));
  }
  return array;
}

nlohmann::json to_json(const Statistics& statistics) {
  return {{"count", statistics.count},         {"mean", statistics.mean},
          {"sd", statistics.deviation},        {"min", statistics.lowest},
          {"quartile1", statistics.quartile1}, {"median", statistics.median},
          {"quartile3", statistics.quartile3}, {"max", statistics.highest}};
}

} // namespace

std::optional<Statistics> statistics_of(std::span<const double> values) {
  if (values.empty()) {
    return std::nullopt;
  }
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  const double deviation = values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  return Statistics{values.size(),
                    mean,
                    deviation,
                    percentile_of(values, 0),
                    percentile_of(values, 25),
                    percentile_of(values, 50),
                    percentile_of(values, 75),
                    percentile_of(values, 100)};
}

Summary summarise(std::span<const Evaluation> evaluations) {
  return {
      group_by(evaluations,
               [](const Evaluation& e) { return GroupKey{.organelle = e.pair.organelle}; }),
      group_by(evaluations,
               [](const Evaluation& e) { return GroupKey{.modality = e.pair.modality}; }),
      group_by(evaluations,
               [](const Evaluation& e) {
                 return GroupKey{.organelle = e.pair.organelle, .modality = e.pair.modality};
               }),
      group_by(evaluations,
               [](const Evaluation& e) -> std::optional<GroupKey> {
                 if (!e.pair.focus_deviation) {
                   return std::nullopt;
                 }
                 return GroupKey{.organelle = e.pair.organelle,
                                 .focus_deviation = e.pair.focus_deviation};
               }),
  };
}

nlohmann::json to_json(const Group& group) {
  nlohmann::json json{{"images", group.images}};
  if (group.key.organelle) {
    json["organelle"] = name_of(*group.key.organelle);
  }
  if (group.key.modality) {
    json["modality"] = short_name_of(*group.key.modality);
  }
  if (group.key.focus_deviation) {
    json["focus_deviation"] = *group.key.focus_deviation;
  }
  for (std::size_t m = 0; m < metric_fields.size(); ++m) {
    const auto& statistics = group.metrics.at(m);
    json[std::string{metric_fields.at(m).name}] =
        statistics ? to_json(*statistics) : nlohmann::json(nullptr);
  }
  return json;
}

nlohmann::json to_json(const Summary& summary) {
  return {{"by_organelle", to_json(summary.by_organelle)},
          {"by_modality", to_json(summary.by_modality)},
          {"by_organelle_and_modality", to_json(summary.by_organelle_and_modality)},
          {"by_focus_deviation", to_json(summary.by_focus_deviation)}};
}

} // namespace lmc::evaluation
