// SPDX-License-Identifier: Apache-2.0
#include "app/predict/summary.hpp"

#include "common/records/csv.hpp"
#include "common/records/json.hpp"
#include "common/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace lmc::app {

namespace {

nlohmann::json outputs_of(const ImageRecord& record) {
  nlohmann::json outputs = nlohmann::json::object();
  for (const Organelle organelle : all_organelles) {
    if (!record.outputs[organelle].empty()) {
      outputs[std::string{name_of(organelle)}] = {{"file", record.outputs[organelle].string()},
                                                  {"model", record.models[organelle]}};
    }
  }
  return outputs;
}

nlohmann::json to_json(const ImageRecord& record) {
  nlohmann::json json{
      {"input", record.input.string()},
      {"status", name_of(record.status)},
      {"sha256", record.sha256},
      {"format", record.format},
      {"modality", short_name_of(record.modality)},
      {"height", record.height},
      {"width", record.width},
      {"z_planes", record.z_planes},
      {"t_planes", record.t_planes},
      {"input_bits", record.input_bits},
      {"pixel_size_known", record.pixel_um.has_value()},
      {"outputs", outputs_of(record)},
      {"clamped_pixels", record.clamped_pixels},
      {"windows_in_fp32", record.windows_in_fp32},
      {"seconds", record.seconds.total()},
      {"seconds_of",
       {{"read", record.seconds.read},
        {"predict", record.seconds.predict},
        {"write", record.seconds.write}}},
      {"warnings", record.warnings},
  };
  if (record.pixel_um) {
    json["pixel_size_um"] = {{"x", record.pixel_um->x_um}, {"y", record.pixel_um->y_um}};
  }
  if (record.error) {
    json["error"] = lmc::to_json(*record.error);
  }
  return json;
}

std::string csv_row(const ImageRecord& record) {
  const auto side = [&](double image::PixelSize::*member) {
    return record.pixel_um ? fmt::format("{}", (*record.pixel_um).*member) : std::string{};
  };
  std::vector<std::string> outputs;
  for (const auto& output : record.outputs) {
    outputs.push_back(csv_field(output.string()));
  }
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{:.3f},{},{}\n", csv_field(record.input.string()),
      name_of(record.status), short_name_of(record.modality), record.height, record.width,
      record.z_planes, record.t_planes, record.input_bits, side(&image::PixelSize::x_um),
      side(&image::PixelSize::y_um), fmt::join(outputs, ","), record.clamped_pixels,
      record.seconds.total(), csv_field(fmt::format("{}", fmt::join(record.warnings, "; "))),
      csv_field(record.error ? record.error->what() : ""));
}

} // namespace

void ImageRecord::warn(const std::vector<std::string>& more) {
  for (const std::string& warning : more) {
    if (std::ranges::find(warnings, warning) == warnings.end()) {
      warnings.push_back(warning);
    }
  }
}

std::string_view name_of(Status status) {
  switch (status) {
  case Status::done:
    return "done";
  case Status::skipped:
    return "skipped";
  case Status::failed:
    break;
  }
  return "failed";
}

std::size_t RunSummary::count(Status status) const {
  return static_cast<std::size_t>(std::ranges::count(images, status, &ImageRecord::status));
}

nlohmann::json to_json(const RunSummary& summary) {
  nlohmann::json models = nlohmann::json::array();
  for (const ModelInfo& model : summary.models) {
    models.push_back(to_json(model));
  }
  nlohmann::json images = nlohmann::json::array();
  for (const ImageRecord& record : summary.images) {
    images.push_back(to_json(record));
  }
  const bool failed = summary.error.has_value() || summary.count(Status::failed) > 0;
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
       {{"done", summary.count(Status::done)},
        {"skipped", summary.count(Status::skipped)},
        {"failed", summary.count(Status::failed)}}},
      {"images", std::move(images)},
  };
  if (summary.error) {
    json["error"] = lmc::to_json(*summary.error);
  }
  return json;
}

std::string to_csv(const RunSummary& summary) {
  std::string csv =
      "input,status,modality,height,width,z_planes,t_planes,input_bits,pixel_x_um,pixel_y_um,"
      "mitochondria,nucleus,tubulin,actin,clamped_pixels,seconds,warnings,error\n";
  for (const ImageRecord& record : summary.images) {
    csv += csv_row(record);
  }
  return csv;
}

} // namespace lmc::app
