// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/image_record.hpp"
#include "app/model_set.hpp"
#include "common/temporary_file.hpp"
#include "image/input_image.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "image/tiff/writer.hpp"
#include "inference/predictor.hpp"
#include "inference/route.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lmc::app {

/// Which planes of a stack are predicted.
enum class PlaneChoice {
  all_known, ///< every Z and T of an OME stack; the middle page of a file whose pages mean nothing
             ///< known
  all,
  middle, ///< the middle Z of the first T
};

/// How images are predicted, the same for all of a run.
struct JobSettings {
  std::string preset = "paper"; ///< recorded in the outputs
  inference::WindowOptions windows;
  std::vector<Organelle> organelles{all_organelles.begin(), all_organelles.end()};
  image::ReadOptions read;
  PlaneChoice planes = PlaneChoice::all_known;
  image::PixelType type = image::PixelType::uint16;
  Existing existing = Existing::refuse;
};

/// Output files in the order of `Organelle`; those of organelles that are not wanted are not used.
using OutputFiles = std::array<std::filesystem::path, organelle_count>;

/// By channel_of(organelle); none for organelles that are not wanted.
using OutputWriters = std::array<std::unique_ptr<image::OmeTiffWriter>, organelle_count>;

/// The planes of an image that are predicted, z fastest, and the size of the stack they make.
struct PlaneSelection {
  struct Index {
    std::size_t t = 0;
    std::size_t z = 0;
  };
  std::size_t t_planes = 1;
  std::size_t z_planes = 1;
  std::vector<Index> planes;
};

/// One plane of an image between the steps of an ImageJob.
struct PlaneJob {
  std::size_t index = 0;                             ///< in the selection
  std::optional<image::TransmittedLight> light = {}; ///< after `read`, until `predict`
  inference::OrganellePrediction prediction = {};    ///< after `predict`, until `write`
  /// Since the last `note`.
  std::vector<std::string> warnings = {};
  std::uint64_t windows_in_fp32 = 0;
  StepSeconds seconds = {};
};

/// One image on its way from its file to one OME-TIFF per organelle. Every plane is read, predicted
/// and written, in this order; each of the three steps takes the planes in turn, and different
/// steps may run on different threads at a time.
class ImageJob {
public:
  /// Opens the image and its outputs, which have no names yet.
  /// @param settings, record outlive the job. The record is filled as far as the job gets, so that
  /// a failure still tells what was known; after this, only `note` and `write` change it.
  /// @throws Error about the image, its models or its outputs
  ImageJob(const JobSettings& settings, const ModelSet& models, const OutputFiles& outputs,
           ImageRecord& record);

  [[nodiscard]] std::size_t planes() const { return selection_.planes.size(); }

  /// About the most memory that reading a plane takes, bytes.
  [[nodiscard]] std::uint64_t reading_bytes() const { return image_.reading_bytes(); }
  /// About the least memory that predicting a plane takes, bytes.
  [[nodiscard]] std::uint64_t predicting_bytes(ModelSet& models) const;

  /// @throws Error input_*
  void read(PlaneJob& plane) const;

  /// How a plane is predicted.
  struct Prediction {
    /// Bytes of host memory; nothing: what this process may still allocate.
    std::optional<std::uint64_t> memory_limit = {};
    /// Called with the part of the image that is done, 0..1.
    std::function<void(double fraction)> progress = {};
  };
  /// @throws Error, Interrupted as inference::predict
  void predict(PlaneJob& plane, ModelSet& models, const Prediction& how) const;

  /// Adds to the record what the steps so far found out about a plane.
  void note(PlaneJob& plane);

  /// Writes the plane's organelles. The last plane completes the outputs: they get their names, and
  /// the record's status is `done`.
  /// @throws Error output_*, not_a_number
  void write(PlaneJob& plane);

  /// Removes what was written. Nothing more is written.
  void abandon();

private:
  const JobSettings& settings_;
  OutputFiles outputs_;
  ImageRecord& record_;
  image::InputImage image_;
  PlaneSelection selection_;
  inference::Route route_;
  OutputWriters writers_;
};

/// Predicts an image, one step after the other.
/// @param record as ImageJob's
/// @throws Error, Interrupted
void predict_image(const JobSettings& settings, ModelSet& models, const OutputFiles& outputs,
                   ImageRecord& record);

/// Fills the record from the file's header alone and counts the network's windows x rotations.
/// @throws Error when the image could not be read
[[nodiscard]] std::int64_t inspect_image(const JobSettings& settings, ImageRecord& record);

} // namespace lmc::app
