// SPDX-License-Identifier: Apache-2.0
#include "app/run_summary.hpp"

#include "common/json.hpp"
#include "common/version.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lmc::app {

nlohmann::json to_json(const RunSummary& summary) {
  const auto count = [&](Status status) {
    return std::count_if(summary.images.begin(), summary.images.end(),
                         [&](const ImageRecord& record) { return record.status == status; });
  };
  nlohmann::json models = nlohmann::json::array();
  for (const ModelInfo& model : summary.models) {
    models.push_back(to_json(model));
  }
  nlohmann::json images = nlohmann::json::array();
  for (const ImageRecord& record : summary.images) {
    images.push_back(to_json(record));
  }
  const bool failed = summary.error.has_value() || count(Status::failed) > 0;
  nlohmann::json json{
      {"program", summary.program},
      {"version", version()},
      {"git_revision", git_revision()},
      {"status", failed ? "failed" : "done"},
      {"device", summary.device},
      {"threads", summary.threads},
      {"preset", summary.preset},
      {"windows", inference::to_json(summary.windows)},
      {"models", std::move(models)},
      {"counts",
       {{"done", count(Status::done)},
        {"skipped", count(Status::skipped)},
        {"failed", count(Status::failed)}}},
      {"images", std::move(images)},
  };
  if (summary.error) {
    json["error"] = to_json(*summary.error);
  }
  return json;
}

std::string to_csv(const RunSummary& summary) {
  std::string csv = csv_heading();
  for (const ImageRecord& record : summary.images) {
    csv += csv_row(record);
  }
  return csv;
}

} // namespace lmc::app
