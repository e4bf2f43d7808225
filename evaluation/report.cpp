// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report.hpp"

#include "common/records/csv.hpp"
#include "common/records/json.hpp"
#include "common/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace lmc::evaluation {

namespace {

nlohmann::json to_json(const Evaluation& evaluation) {
  const dataset::Pair& pair = evaluation.pair;
  nlohmann::json json{
      {"prediction", pair.prediction.string()},
      {"truth", pair.truth.string()},
      {"organelle", name_of(pair.organelle)},
      {"modality", short_name_of(pair.modality)},
      {"focus_deviation",
       pair.focus_deviation ? nlohmann::json(*pair.focus_deviation) : nlohmann::json(nullptr)},
      {"status", evaluation.error ? "failed" : "done"},
      {"warnings", evaluation.warnings},
  };
  if (!pair.input.empty()) {
    json["input"] = pair.input.string();
  }
  if (evaluation.in_stack) {
    json["t"] = evaluation.t;
    json["z"] = evaluation.z;
  }
  if (evaluation.error) {
    json["error"] = to_json(*evaluation.error);
    return json;
  }
  json["height"] = evaluation.height;
  json["width"] = evaluation.width;
  json.update(to_json(evaluation.metrics));
  return json;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string{};
}

std::string row_of(const Evaluation& evaluation) {
  const dataset::Pair& pair = evaluation.pair;
  std::string row = fmt::format("{},{},{},{},{},{},{},{},{}", csv_field(pair.prediction.string()),
                                csv_field(pair.truth.string()), name_of(pair.organelle),
                                short_name_of(pair.modality), number(pair.focus_deviation),
                                csv_field(pair.input.string()),
                                evaluation.in_stack ? fmt::format("{}", evaluation.t) : "",
                                evaluation.in_stack ? fmt::format("{}", evaluation.z) : "",
                                evaluation.error ? "failed" : "done");
  for (const MetricField& field : metric_fields) {
    row += "," + number(evaluation.metrics.*field.member);
  }
  return row + fmt::format(",{},{}\n",
                           csv_field(fmt::format("{}", fmt::join(evaluation.warnings, "; "))),
                           csv_field(evaluation.error ? evaluation.error->what() : ""));
}

} // namespace

std::size_t failures_in(const Report& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.evaluations, [](const Evaluation& evaluation) {
        return evaluation.error.has_value();
      }));
}

nlohmann::json to_json(const Report& report) {
  nlohmann::json pairs = nlohmann::json::array();
  for (const Evaluation& evaluation : report.evaluations) {
    pairs.push_back(to_json(evaluation));
  }
  nlohmann::json skipped = nlohmann::json::array();
  for (const dataset::SkippedPrediction& prediction : report.skipped) {
    skipped.push_back({{"prediction", prediction.prediction.string()},
                       {"organelle", name_of(prediction.organelle)},
                       {"reason", prediction.reason}});
  }
  nlohmann::json unused = nlohmann::json::array();
  for (const auto& truth : report.unused_truths) {
    unused.push_back(truth.string());
  }
  const std::size_t failed = failures_in(report);
  return {{"program", "lmc evaluate"},
          {"version", version()},
          {"git_revision", git_revision()},
          {"status", failed == 0 ? "done" : "failed"},
          {"counts",
           {{"done", report.evaluations.size() - failed},
            {"failed", failed},
            {"skipped", report.skipped.size()},
            {"truths_without_prediction", report.unused_truths.size()}}},
          {"summary", to_json(report.summary)},
          {"pairs", std::move(pairs)},
          {"skipped", std::move(skipped)},
          {"truths_without_prediction", std::move(unused)}};
}

std::string to_csv(const Report& report) {
  std::string csv =
      "prediction,truth,organelle,modality,focus_deviation,input,t,z,status,mae,ssim,pcc,e_dist,"
      "c_dist,warnings,error\n";
  for (const Evaluation& evaluation : report.evaluations) {
    csv += row_of(evaluation);
  }
  for (const dataset::SkippedPrediction& skipped : report.skipped) {
    csv += fmt::format("{},,{},,,,,,skipped,,,,,,{},\n", csv_field(skipped.prediction.string()),
                       name_of(skipped.organelle), csv_field(skipped.reason));
  }
  return csv;
}

} // namespace lmc::evaluation
