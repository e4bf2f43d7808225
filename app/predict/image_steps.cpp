// SPDX-License-Identifier: Apache-2.0
#include "app/predict/image_steps.hpp"

#include "app/predict/preview.hpp"
#include "app/program.hpp"
#include "common/files/output_folder.hpp"
#include "common/version.hpp"
#include "inference/plan.hpp"
#include "inference/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <numeric>
#include <utility>

namespace lmc::app {

namespace {

/// Seconds since it was made.
class Stopwatch {
public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The places of a stack's planes that are predicted, and how many these are along Z and T.
void choose_planes(OpenImage& image, PlaneChoice choice) {
  const std::size_t z_planes = image.file.z_planes();
  const std::size_t t_planes = image.file.t_planes();
  const bool all =
      choice == PlaneChoice::all || (choice == PlaneChoice::all_known && image.file.axes_known());
  image.record.z_planes = all ? z_planes : 1;
  image.record.t_planes = all ? t_planes : 1;
  if (!all) {
    image.planes = {{0, z_planes / 2}};
    if (z_planes * t_planes > 1) {
      image.record.warn({fmt::format("{} planes: only the middle one (z {} of 0..{}) is predicted",
                                     z_planes * t_planes, z_planes / 2, z_planes - 1)});
    }
    return;
  }
  for (std::size_t t = 0; t < t_planes; ++t) {
    for (std::size_t z = 0; z < z_planes; ++z) {
      image.planes.push_back({t, z});
    }
  }
}

/// What an output says about its making, for whoever opens it years later.
std::vector<std::pair<std::string, std::string>>
annotations_of(const PredictSettings& settings, const ImageRecord& record, const ModelInfo& model) {
  return {
      {"Software", fmt::format("lightmycells {} ({})", version(), git_revision())},
      {"Model", model.file},
      {"ModelSHA256", model.sha256},
      {"ModelTrained", model.trained ? "yes" : "no: untrained weights, the image means nothing"},
      {"InputFile", record.input.filename().string()},
      {"InputSHA256", record.sha256},
      {"Modality", std::string{short_name_of(record.modality)}},
      {"Preset", settings.preset},
      {"Windows",
       fmt::format(
           "window {} px, overlap {}, rotations {}, blending {}{}", settings.windows.window,
           settings.windows.overlap, settings.windows.rotations, name_of(settings.windows.blending),
           settings.windows.skip_near_duplicates ? ", without near-duplicate windows" : "")},
      {"IntensityScale", "predicted fluorescence, relative to 0..65535 as in the training images; "
                         "no calibrated unit"},
  };
}

/// @return pixels that were clamped
std::uint64_t write_organelle(image::PixelType type, Plane<float> plane,
                              image::OmeTiffWriter& writer) {
  if (type == image::PixelType::float32) {
    writer.write_plane(plane.pixels());
    return 0;
  }
  const inference::RoundedPlane rounded = inference::rounded(plane);
  plane = {}; // compressing takes long
  writer.write_plane(rounded.pixels.pixels());
  return rounded.clamped;
}

/// Calls `action(organelle)` for every output, each on a thread of its own, since compression takes
/// long; on this thread where the system gives no more of them.
template <class Writers, class Action> void for_each_output(const Writers& writers, Action action) {
  std::vector<std::future<void>> running;
  for (const Organelle organelle : all_organelles) {
    if (writers[organelle]) {
      running.push_back(std::async(std::launch::async | std::launch::deferred, action, organelle));
    }
  }
  for (std::future<void>& output : running) {
    output.get();
  }
}

} // namespace

OpenImage open_image(const std::filesystem::path& input, const PredictSettings& settings) {
  const Stopwatch watch;
  OpenImage image{.file = image::InputImage::open(input, settings.read),
                  .planes = {},
                  .route = {},
                  .record = {}};
  const image::Provenance& provenance = image.file.provenance();
  image.route = inference::route(image.file.modality(), settings.organelles);
  ImageRecord& record = image.record;
  record.input = input;
  record.sha256 = provenance.sha256;
  record.format = provenance.format;
  record.modality = image.file.modality();
  record.height = image.file.height();
  record.width = image.file.width();
  record.input_bits = provenance.input_bits;
  record.pixel_um = image.file.pixel_um();
  record.warn(provenance.warnings);
  if (image.route.warning) {
    record.warn({*image.route.warning});
  }
  choose_planes(image, settings.planes);
  record.seconds.read = watch.seconds();
  return image;
}

std::uint64_t predicting_bytes(const OpenImage& image, const inference::WindowOptions& windows,
                               ModelSet& models) {
  const inference::NetworkSource networks = models.networks();
  std::uint64_t largest = 0;
  for (const inference::NetworkUse& use : image.route.uses) {
    const model::Network& network = *networks(use.role).network;
    if (network.device().is_cpu()) {
      largest = std::max(largest, network.memory_estimate(1, windows.window, windows.window));
    }
  }
  return largest +
         inference::memory_needed(image.record.height, image.record.width, image.route, windows);
}

ReadPlane read_plane(const OpenImage& image, std::size_t index) {
  const Stopwatch watch;
  const auto [t, z] = image.planes.at(index);
  image::TransmittedLight light = image.file.read_plane(t, z);
  return {.index = index, .light = std::move(light), .seconds = watch.seconds()};
}

PlaneNotes notes_of(const ReadPlane& plane) {
  return {.warnings = plane.light.provenance.warnings, .seconds = plane.seconds};
}

PredictedPlane predict_plane(const OpenImage& image, ReadPlane plane, ModelSet& models,
                             const inference::PredictOptions& options) {
  const Stopwatch watch;
  inference::OrganellePrediction prediction =
      inference::predict(plane.light, image.route, models.networks(), options);
  return {
      .read = std::move(plane), .prediction = std::move(prediction), .seconds = watch.seconds()};
}

ImageOutputs::ImageOutputs(const PredictSettings& settings, const OpenImage& image,
                           const ModelSet& models, ImageFiles files, Existing existing)
    : settings_{settings}, files_{std::move(files)}, existing_{existing}, record_{image.record},
      planes_{image.planes.size()}, previewed_{image.record.z_planes / 2} {
  for (const inference::NetworkUse& use : image.route.uses) {
    open(use, image, models.info(use.role));
  }
}

void ImageOutputs::open(const inference::NetworkUse& use, const OpenImage& image,
                        const ModelInfo& model) {
  if (!model.trained) {
    record_.warn({fmt::format("{} is untrained: what it predicts means nothing", model.file)});
  }
  for (const Organelle organelle : use.organelles) {
    writers_[organelle] = std::make_unique<image::OmeTiffWriter>(
        files_.outputs[organelle],
        image::OmeTiffDescription{.height = static_cast<std::size_t>(record_.height),
                                  .width = static_cast<std::size_t>(record_.width),
                                  .z_planes = record_.z_planes,
                                  .t_planes = record_.t_planes,
                                  .type = settings_.type,
                                  .pixel_um = record_.pixel_um,
                                  .channel_name = std::string{name_of(organelle)},
                                  .input = image.file.provenance(),
                                  .annotations = annotations_of(settings_, record_, model)});
    record_.models[organelle] = model.file;
  }
}

void ImageOutputs::note(const PlaneNotes& notes) {
  record_.seconds.read += notes.seconds;
  record_.warn(notes.warnings);
}

void ImageOutputs::write(PredictedPlane plane) {
  const Stopwatch watch;
  record_.seconds.predict += plane.seconds;
  for (const inference::BackoffRecord& run : plane.prediction.runs) {
    record_.windows_in_fp32 += run.windows_in_fp32;
    record_.warn(run.steps);
  }
  if (!files_.preview.empty() && plane.read.index == previewed_) {
    PerOrganelle<Plane<std::uint16_t>> shown;
    for (const Organelle organelle : all_organelles) {
      if (const auto& predicted = plane.prediction.planes[organelle]) {
        shown[organelle] = inference::rounded(*predicted).pixels;
      }
    }
    preview_ = preview_png(plane.read.light, shown);
  }
  plane.read.light = {};
  PerOrganelle<std::uint64_t> clamped;
  for_each_output(writers_, [&](Organelle organelle) {
    clamped[organelle] = write_organelle(
        settings_.type, std::move(*plane.prediction.planes[organelle]), *writers_[organelle]);
  });
  record_.clamped_pixels += std::accumulate(clamped.begin(), clamped.end(), std::uint64_t{0});
  if (plane.read.index + 1 == planes_) {
    complete();
  }
  record_.seconds.write += watch.seconds();
}

void ImageOutputs::complete() {
  for_each_output(writers_, [&](Organelle organelle) {
    writers_[organelle]->commit(existing_);
    record_.outputs[organelle] = files_.outputs[organelle];
  });
  if (!files_.preview.empty()) {
    make_output_folder(files_.preview.parent_path());
    write_file(files_.preview, preview_, Existing::replace);
  }
  record_.status = Status::done;
}

ImageRecord predict_image(const PredictSettings& settings, ModelSet& models,
                          const ImageFiles& files) {
  ImageRecord record;
  record.input = files.input;
  std::optional<ImageOutputs> outputs;
  const std::optional<Error> error = error_of([&] {
    const OpenImage image = open_image(files.input, settings);
    record = image.record;
    outputs.emplace(settings, image, models, files, settings.existing);
    for (std::size_t i = 0; i < image.planes.size(); ++i) {
      ReadPlane plane = read_plane(image, i);
      outputs->note(notes_of(plane));
      outputs->write(predict_plane(image, std::move(plane), models, {.windows = settings.windows}));
    }
  });
  if (outputs) {
    record = outputs->record();
  }
  record.error = error;
  return record;
}

} // namespace lmc::app
