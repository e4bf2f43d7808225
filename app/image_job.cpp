// SPDX-License-Identifier: Apache-2.0
#include "app/image_job.hpp"

#include "common/version.hpp"
#include "image/input_image.hpp"
#include "image/tiff_writer.hpp"
#include "inference/route.hpp"
#include "inference/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace lmc::app {

namespace {

struct PlaneIndex {
  std::size_t t = 0;
  std::size_t z = 0;
};

/// The planes of an image that are predicted, z fastest, and the size of the stack they make.
struct PlaneSelection {
  std::size_t t_planes = 1;
  std::size_t z_planes = 1;
  std::vector<PlaneIndex> planes;
};

PlaneSelection select_planes(const image::InputImage& image, PlaneChoice choice) {
  const bool all =
      choice == PlaneChoice::all || (choice == PlaneChoice::all_known && image.axes_known());
  if (!all) {
    return {1, 1, {{0, image.z_planes() / 2}}};
  }
  PlaneSelection selection{image.t_planes(), image.z_planes(), {}};
  for (std::size_t t = 0; t < image.t_planes(); ++t) {
    for (std::size_t z = 0; z < image.z_planes(); ++z) {
      selection.planes.push_back({t, z});
    }
  }
  return selection;
}

void add_once(std::vector<std::string>& warnings, const std::vector<std::string>& more) {
  for (const std::string& warning : more) {
    if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
      warnings.push_back(warning);
    }
  }
}

void describe(const image::InputImage& image, const PlaneSelection& selection,
              ImageRecord& record) {
  const image::Provenance& provenance = image.provenance();
  record.sha256 = provenance.sha256;
  record.format = provenance.format;
  record.modality = image.modality();
  record.height = image.height();
  record.width = image.width();
  record.z_planes = selection.z_planes;
  record.t_planes = selection.t_planes;
  record.input_bits = provenance.input_bits;
  record.pixel_um = image.pixel_um();
  add_once(record.warnings, provenance.warnings);
  const std::size_t there = image.z_planes() * image.t_planes();
  if (selection.planes.size() < there) {
    record.warnings.push_back(
        fmt::format("{} planes: only the middle one (z {} of 0..{}) is predicted", there,
                    selection.planes.front().z, image.z_planes() - 1));
  }
}

/// What an output says about its making, for whoever opens it years later.
std::vector<std::pair<std::string, std::string>>
annotations_of(const JobSettings& settings, const ImageRecord& record, const ModelInfo& model) {
  return {
      {"Software", fmt::format("lightmycells {} ({})", version(), git_revision())},
      {"Model", model.file},
      {"ModelSHA256", model.sha256},
      {"ModelTrained", model.trained ? "yes" : "no: untrained weights, the image means nothing"},
      {"InputFile", record.input.filename().string()},
      {"InputSHA256", record.sha256},
      {"Modality", std::string{short_name_of(record.modality)}},
      {"Preset", settings.preset},
      {"Windows", fmt::format("window {} px, overlap {}, rotations {}, blending {}",
                              settings.windows.window, settings.windows.overlap,
                              settings.windows.rotations, name_of(settings.windows.blending))},
      {"IntensityScale", "predicted fluorescence, relative to 0..65535 as in the training images; "
                         "no calibrated unit"},
  };
}

using Writers = std::array<std::unique_ptr<image::OmeTiffWriter>, organelle_count>;

Writers open_writers(const JobSettings& settings, const image::InputImage& image,
                     const inference::Route& route, const ModelSet& models,
                     const OutputFiles& outputs, ImageRecord& record) {
  Writers writers;
  for (const inference::NetworkUse& use : route.uses) {
    const ModelInfo& model = models.info(use.role);
    if (!model.trained) {
      record.warnings.push_back(
          fmt::format("{} is untrained: what it predicts means nothing", model.file));
    }
    for (const Organelle organelle : use.organelles) {
      const std::size_t channel = channel_of(organelle);
      writers.at(channel) = std::make_unique<image::OmeTiffWriter>(
          outputs.at(channel),
          image::OmeTiffDescription{.height = record.height,
                                    .width = record.width,
                                    .z_planes = record.z_planes,
                                    .t_planes = record.t_planes,
                                    .type = settings.type,
                                    .pixel_um = record.pixel_um,
                                    .channel_name = std::string{name_of(organelle)},
                                    .input = image.provenance(),
                                    .annotations = annotations_of(settings, record, model)});
      record.models.at(channel) = model.file;
    }
  }
  return writers;
}

void write_plane(const JobSettings& settings, inference::OrganellePrediction& prediction,
                 Writers& writers, ImageRecord& record) {
  for (std::size_t channel = 0; channel < organelle_count; ++channel) {
    auto& plane = prediction.planes.at(channel);
    if (!plane) {
      continue;
    }
    if (settings.type == image::PixelType::float32) {
      writers.at(channel)->write_plane(*plane);
      continue;
    }
    const inference::RoundedPlane rounded = inference::to_uint16(*plane);
    record.clamped_pixels += rounded.clamped;
    writers.at(channel)->write_plane(rounded.pixels);
  }
  for (const inference::BackoffRecord& run : prediction.runs) {
    record.windows_in_fp32 += run.windows_in_fp32;
    add_once(record.warnings, run.steps);
  }
  add_once(record.warnings, prediction.warnings);
}

void commit_all(const JobSettings& settings, Writers& writers, const OutputFiles& outputs,
                ImageRecord& record) {
  for (std::size_t channel = 0; channel < organelle_count; ++channel) {
    if (writers.at(channel)) {
      writers.at(channel)->commit(settings.existing);
      record.outputs.at(channel) = outputs.at(channel);
    }
  }
}

} // namespace

void predict_image(const JobSettings& settings, ModelSet& models, const OutputFiles& outputs,
                   ImageRecord& record, const JobProgress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const image::InputImage image = image::InputImage::open(record.input, settings.read);
  const PlaneSelection selection = select_planes(image, settings.planes);
  describe(image, selection, record);
  const inference::Route route = inference::route(image.modality(), settings.organelles);
  models.require(route);
  Writers writers = open_writers(settings, image, route, models, outputs, record);

  const auto planes = static_cast<double>(selection.planes.size());
  for (std::size_t i = 0; i < selection.planes.size(); ++i) {
    const auto [t, z] = selection.planes[i];
    const image::TransmittedLight plane = image.read_plane(t, z);
    add_once(record.warnings, plane.provenance.warnings);
    inference::OrganellePrediction prediction =
        inference::predict(plane, route, models.networks(),
                           {.windows = settings.windows,
                            .memory_limit = {},
                            .progress = [&](std::int64_t done, std::int64_t total) {
                              progress((static_cast<double>(i) +
                                        static_cast<double>(done) / static_cast<double>(total)) /
                                       planes);
                            }});
    write_plane(settings, prediction, writers, record);
  }
  commit_all(settings, writers, outputs, record);
  record.status = Status::done;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::int64_t inspect_image(const JobSettings& settings, ImageRecord& record) {
  const image::InputImage image = image::InputImage::open(record.input, settings.read);
  const PlaneSelection selection = select_planes(image, settings.planes);
  describe(image, selection, record);
  const inference::Route route = inference::route(image.modality(), settings.organelles);
  const auto per_network =
      inference::network_windows(static_cast<std::int64_t>(record.height),
                                 static_cast<std::int64_t>(record.width), settings.windows);
  return per_network * static_cast<std::int64_t>(route.uses.size() * selection.planes.size());
}

} // namespace lmc::app
