// SPDX-License-Identifier: Apache-2.0
#include "app/image_job.hpp"

#include "common/version.hpp"
#include "image/tiff/writer.hpp"
#include "inference/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <numeric>
#include <utility>

namespace lmc::app {

namespace {

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
      {"Windows",
       fmt::format(
           "window {} px, overlap {}, rotations {}, blending {}{}", settings.windows.window,
           settings.windows.overlap, settings.windows.rotations, name_of(settings.windows.blending),
           settings.windows.skip_near_duplicates ? ", without near-duplicate windows" : "")},
      {"IntensityScale", "predicted fluorescence, relative to 0..65535 as in the training images; "
                         "no calibrated unit"},
  };
}

OutputWriters open_writers(const JobSettings& settings, const image::InputImage& image,
                           const inference::Route& route, const ModelSet& models,
                           const OutputFiles& outputs, ImageRecord& record) {
  OutputWriters writers;
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

/// Calls `action(channel)` for every output, each on a thread of its own, since compression takes
/// long; on this thread where the system gives no more of them.
template <class Action> void for_each_output(const OutputWriters& writers, Action action) {
  std::vector<std::future<void>> running;
  for (std::size_t channel = 0; channel < organelle_count; ++channel) {
    if (writers.at(channel)) {
      running.push_back(std::async(std::launch::async | std::launch::deferred, action, channel));
    }
  }
  for (std::future<void>& output : running) {
    output.get();
  }
}

/// Adds the time until it ends.
class Timer {
public:
  explicit Timer(double& seconds) : seconds_{seconds} {}
  ~Timer() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

image::InputImage opened(const JobSettings& settings, ImageRecord& record) {
  const Timer timer{record.seconds.read};
  return image::InputImage::open(record.input, settings.read);
}

} // namespace

ImageJob::ImageJob(const JobSettings& settings, const ModelSet& models, const OutputFiles& outputs,
                   ImageRecord& record)
    : settings_{settings}, outputs_{outputs}, record_{record}, image_{opened(settings, record)},
      selection_{select_planes(image_, settings.planes)}, route_{inference::route(
                                                              image_.modality(),
                                                              settings.organelles)} {
  describe(image_, selection_, record);
  models.require(route_);
  writers_ = open_writers(settings, image_, route_, models, outputs, record);
}

std::uint64_t ImageJob::predicting_bytes(ModelSet& models) const {
  const inference::NetworkSet networks = models.networks();
  std::uint64_t network = 0;
  for (const inference::NetworkUse& use : route_.uses) {
    const model::Network& used = *networks(use.role).network;
    if (used.device().is_cpu()) {
      const std::int64_t side = settings_.windows.window;
      network = std::max(network, used.memory_estimate(1, side, side));
    }
  }
  return network + inference::memory_needed(static_cast<Index>(record_.height),
                                            static_cast<Index>(record_.width), route_,
                                            settings_.windows);
}

void ImageJob::read(PlaneJob& plane) const {
  const Timer timer{plane.seconds.read};
  const auto [t, z] = selection_.planes.at(plane.index);
  plane.light = image_.read_plane(t, z);
  plane.warnings = plane.light->provenance.warnings;
}

void ImageJob::predict(PlaneJob& plane, ModelSet& models, const Prediction& how) const {
  const Timer timer{plane.seconds.predict};
  inference::PredictOptions options{.windows = settings_.windows, .memory_limit = how.memory_limit};
  if (how.progress) {
    options.progress = [&](std::int64_t done, std::int64_t total) {
      how.progress((static_cast<double>(plane.index) +
                    static_cast<double>(done) / static_cast<double>(total)) /
                   static_cast<double>(planes()));
    };
  }
  plane.prediction = inference::predict(*plane.light, route_, models.networks(), options);
  plane.light.reset();
  for (const inference::BackoffRecord& run : plane.prediction.runs) {
    plane.windows_in_fp32 += run.windows_in_fp32;
    add_once(plane.warnings, run.steps);
  }
  add_once(plane.warnings, plane.prediction.warnings);
}

void ImageJob::note(PlaneJob& plane) {
  add_once(record_.warnings, std::exchange(plane.warnings, {}));
  record_.windows_in_fp32 += std::exchange(plane.windows_in_fp32, 0);
  record_.seconds.read += std::exchange(plane.seconds.read, 0);
  record_.seconds.predict += std::exchange(plane.seconds.predict, 0);
}

void ImageJob::write(PlaneJob& plane) {
  const Timer timer{record_.seconds.write};
  std::array<std::uint64_t, organelle_count> clamped{};
  for_each_output(writers_, [&](std::size_t channel) {
    clamped.at(channel) = write_organelle(
        settings_.type, std::move(*plane.prediction.planes[all_organelles.at(channel)]),
        *writers_.at(channel));
  });
  record_.clamped_pixels += std::accumulate(clamped.begin(), clamped.end(), std::uint64_t{0});
  if (plane.index + 1 == planes()) {
    for_each_output(writers_, [&](std::size_t channel) {
      writers_.at(channel)->commit(settings_.existing);
      record_.outputs.at(channel) = outputs_.at(channel);
    });
    record_.status = Status::done;
  }
}

void ImageJob::abandon() {
  writers_ = {};
}

void predict_image(const JobSettings& settings, ModelSet& models, const OutputFiles& outputs,
                   ImageRecord& record) {
  ImageJob job{settings, models, outputs, record};
  for (std::size_t i = 0; i < job.planes(); ++i) {
    PlaneJob plane{.index = i};
    job.read(plane);
    job.note(plane);
    job.predict(plane, models, {});
    job.note(plane);
    job.write(plane);
  }
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
