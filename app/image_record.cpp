// SPDX-License-Identifier: Apache-2.0
#include "app/image_record.hpp"

#include "common/csv.hpp"
#include "common/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace lmc::app {

namespace {

nlohmann::json outputs_of(const ImageRecord& record) {
  nlohmann::json outputs = nlohmann::json::object();
  for (const Organelle organelle : all_organelles) {
    const std::size_t channel = channel_of(organelle);
    if (!record.outputs.at(channel).empty()) {
      outputs[std::string{name_of(organelle)}] = {{"file", record.outputs.at(channel).string()},
                                                  {"model", record.models.at(channel)}};
    }
  }
  return outputs;
}

} // namespace

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
    json["error"] = to_json(*record.error);
  }
  return json;
}

std::string csv_heading() {
  return "input,status,modality,height,width,z_planes,t_planes,input_bits,pixel_x_um,pixel_y_um,"
         "mitochondria,nucleus,tubulin,actin,clamped_pixels,seconds,warnings,error\n";
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

} // namespace lmc::app
