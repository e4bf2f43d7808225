// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/model_set.hpp"
#include "app/predict/summary.hpp"
#include "common/files/temporary_file.hpp"
#include "image/input_image.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "image/tiff/writer.hpp"
#include "inference/predictor.hpp"
#include "inference/route.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

// One image from its file to one OME-TIFF per organelle: opened once, then read, predicted and
// written plane by plane. Each step makes a value of the one before; different steps may run on
// different threads at a time, each takes the planes in their order.

namespace lmc::app {

/// Which planes of a stack are predicted.
enum class PlaneChoice {
  all_known, ///< every Z and T of an OME stack; the middle page of a file whose pages mean nothing
             ///< known
  all,
  middle, ///< the middle Z of the first T
};

/// How images are predicted, the same for all of a run.
struct PredictSettings {
  std::string preset = "paper"; ///< recorded in the outputs
  inference::WindowOptions windows;
  std::vector<Organelle> organelles{all_organelles.begin(), all_organelles.end()};
  image::ReadOptions read{.checksum = true};
  PlaneChoice planes = PlaneChoice::all_known;
  image::PixelType type = image::PixelType::uint16;
  Existing existing = Existing::refuse;
};

/// Where an image is, and where what is made of it goes.
struct ImageFiles {
  std::filesystem::path input;
  PerOrganelle<std::filesystem::path> outputs; ///< those that are not wanted are not used
  std::filesystem::path preview;               ///< empty: none
};

/// An image that is open: what is known before its pixels are read.
struct OpenImage {
  struct Place {
    std::size_t t = 0;
    std::size_t z = 0;
  };
  image::InputImage file;
  std::vector<Place> planes; ///< that are predicted, z fastest
  inference::Route route;
  ImageRecord record;
};

/// Reads the image's headers; `settings.read.checksum` says whether the whole file.
/// @throws Error input_*
[[nodiscard]] OpenImage open_image(const std::filesystem::path& input,
                                   const PredictSettings& settings);

/// About the least memory that predicting a plane takes, bytes.
[[nodiscard]] std::uint64_t
predicting_bytes(const OpenImage& image, const inference::WindowOptions& windows, ModelSet& models);

/// A plane that was read.
struct ReadPlane {
  std::size_t index = 0; ///< in OpenImage::planes
  image::TransmittedLight light;
  double seconds = 0;
};

/// What the record keeps of a plane that was read, whether it can be predicted or not.
struct PlaneNotes {
  std::vector<std::string> warnings;
  double seconds = 0; ///< of reading
};

[[nodiscard]] PlaneNotes notes_of(const ReadPlane& plane);

/// @throws Error input_*
[[nodiscard]] ReadPlane read_plane(const OpenImage& image, std::size_t index);

/// A plane that was predicted.
struct PredictedPlane {
  ReadPlane read;
  inference::OrganellePrediction prediction;
  double seconds = 0;
};

/// @throws Error, Interrupted as inference::predict
[[nodiscard]] PredictedPlane predict_plane(const OpenImage& image, ReadPlane plane,
                                           ModelSet& models,
                                           const inference::PredictOptions& options);

/// The outputs of one image, which have no names until the last is complete, and its record.
class ImageOutputs {
public:
  /// Opens the files.
  /// @param settings outlive the object
  /// @throws Error output_*, model_missing
  ImageOutputs(const PredictSettings& settings, const OpenImage& image, const ModelSet& models,
               ImageFiles files, Existing existing);

  /// Adds to the record what reading a plane told.
  void note(const PlaneNotes& notes);

  /// Writes the organelles of the next plane. The last plane completes the outputs: they get their
  /// names, the preview is written, and the record's status is `done`.
  /// @throws Error output_*, not_a_number
  void write(PredictedPlane plane);

  [[nodiscard]] const ImageRecord& record() const noexcept { return record_; }

private:
  void open(const inference::NetworkUse& use, const OpenImage& image, const ModelInfo& model);
  void complete();

  const PredictSettings& settings_;
  ImageFiles files_;
  Existing existing_;
  ImageRecord record_;
  std::size_t planes_;
  std::size_t previewed_; ///< plane that the preview shows: the middle Z of the first T
  std::string preview_;   ///< PNG
  PerOrganelle<std::unique_ptr<image::OmeTiffWriter>> writers_; ///< none: not wanted
};

/// Predicts an image, one step after the other.
/// @return its record, with the error that ended it if any did @throws Interrupted
[[nodiscard]] ImageRecord predict_image(const PredictSettings& settings, ModelSet& models,
                                        const ImageFiles& files);

} // namespace lmc::app
