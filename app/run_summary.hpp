// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/image_record.hpp"
#include "app/model_set.hpp"
#include "inference/preset.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace lmc::app {

/// One run of a program over some images.
struct RunSummary {
  std::string program; ///< "light-my-cells", "lmc predict"
  std::string device;  ///< "cpu", "cuda:0"
  int threads = 0;
  std::string preset;
  inference::WindowOptions windows;
  std::vector<ModelInfo> models;
  std::vector<ImageRecord> images;
  std::optional<Error> error; ///< that ended the run, beside those of single images
};

/// The summary with the program's version; `status` is "done", or "failed" when anything failed.
[[nodiscard]] nlohmann::json to_json(const RunSummary& summary);

/// summary.csv: one row per image.
[[nodiscard]] std::string to_csv(const RunSummary& summary);

} // namespace lmc::app
