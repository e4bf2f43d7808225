// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/image_record.hpp"
#include "app/model_set.hpp"
#include "common/temporary_file.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"
#include "inference/predictor.hpp"

#include <array>
#include <filesystem>
#include <functional>
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

/// Part of an image that is done, 0..1.
using JobProgress = std::function<void(double fraction)>;

/// Reads an image, predicts its planes, and writes one OME-TIFF per organelle. The outputs get
/// their names after the last plane, each complete.
/// @param record filled as far as the job gets, so that a failure still tells what was known
/// @throws Error, Interrupted
void predict_image(const JobSettings& settings, ModelSet& models, const OutputFiles& outputs,
                   ImageRecord& record, const JobProgress& progress);

/// Fills the record from the file's header alone and counts the network's windows x rotations.
/// @throws Error when the image could not be read
[[nodiscard]] std::int64_t inspect_image(const JobSettings& settings, ImageRecord& record);

} // namespace lmc::app
