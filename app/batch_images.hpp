// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/batch_run.hpp"
#include "app/input_list.hpp"
#include "app/model_set.hpp"
#include "app/run_summary.hpp"

#include <vector>

namespace lmc::app {

/// Predicts the images of a run on the calling thread, one plane after the other. While one is
/// predicted, the next plane is read and the one before is written, if the memory that is left
/// holds all of it; otherwise one after the other.
/// @param summary gets a record per image, in the order of `files`; an image that fails is recorded
/// and the others go on
/// @throws Interrupted after SIGINT or SIGTERM, when what was predicted is written
void predict_images(const BatchOptions& options, const std::vector<InputFile>& files,
                    ModelSet& models, RunSummary& summary);

} // namespace lmc::app
