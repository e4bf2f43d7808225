// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/engine_choice.hpp"
#include "app/predict/image_steps.hpp"
#include "app/predict/input_list.hpp"
#include "compute/device.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace lmc::app {

/// A run over many images.
struct BatchOptions {
  std::vector<std::string> inputs; ///< files, folders, patterns
  std::filesystem::path output;
  std::filesystem::path models; ///< empty: those that came with the program
  compute::DeviceRequest device;
  compute::ComputeOptions computing;
  EngineChoice engine = EngineChoice::automatic;
  PredictSettings settings;
  bool resume = false;
  Shard shard;
  std::filesystem::path previews; ///< empty: none
};

/// Predicts every image into `output/<stem>_<organelle>.ome.tiff`, and writes summary.json and
/// summary.csv there (summary_<i>_of_<n> for a shard). An image that fails is reported and the
/// others go on.
/// @return 0, or 7 (a single image: its own code) after saying so in the last line
/// @throws Error when nothing can be done at all: models, output folder, device, usage
[[nodiscard]] int run_batch(const BatchOptions& options);

/// Says what run_batch would do, from the images' headers, and changes nothing.
[[nodiscard]] int preview_batch(const BatchOptions& options);

} // namespace lmc::app
