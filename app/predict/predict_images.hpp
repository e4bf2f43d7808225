// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/predict/image_steps.hpp"

#include <vector>

namespace lmc::app {

/// Whether every wanted organelle's file is there.
[[nodiscard]] bool are_done(const ImageFiles& files, const std::vector<Organelle>& organelles);

/// Predicts the images of a run on the calling thread, one plane after the other. While one is
/// predicted, the next plane is read and the one before is written, if the memory that is left
/// holds all of it; otherwise one after the other.
/// @param resume leaves out images that are done, and makes the others completely
/// @param summary gets a record per image, in the order of `images`; an image that fails is
///   recorded and the others go on
/// @throws Interrupted after SIGINT or SIGTERM, when what was predicted is written
void predict_images(const std::vector<ImageFiles>& images, const PredictSettings& settings,
                    bool resume, ModelSet& models, RunSummary& summary);

} // namespace lmc::app
