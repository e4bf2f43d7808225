// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/model_set.hpp"
#include "common/error.hpp"
#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "common/plane.hpp"
#include "image/image.hpp"
#include "inference/preset.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lmc::app {

/// What became of an image.
enum class Status { done, skipped, failed };

/// Time spent on an image, seconds. The steps of neighbouring images overlap.
struct StepSeconds {
  double read = 0;
  double predict = 0;
  double write = 0;

  [[nodiscard]] double total() const { return read + predict + write; }
};

/// One image of a run, as far as it got.
struct ImageRecord {
  std::filesystem::path input;
  Status status = Status::failed;
  std::string sha256;
  std::string format;
  Modality modality = Modality::unknown;
  Index height = 0;
  Index width = 0;
  std::size_t z_planes = 0; ///< predicted
  std::size_t t_planes = 0;
  int input_bits = 0;
  std::optional<image::PixelSize> pixel_um;
  PerOrganelle<std::filesystem::path> outputs; ///< empty: not predicted
  PerOrganelle<std::string> models;            ///< by file name; empty: not predicted
  std::uint64_t clamped_pixels = 0;            ///< of all outputs, beyond 0..65535 before rounding
  std::uint64_t windows_in_fp32 = 0;           ///< redone because half precision was not finite
  StepSeconds seconds;
  std::vector<std::string> warnings;
  std::optional<Error> error;

  /// Warnings that are new.
  void warn(const std::vector<std::string>& more);
};

/// "done", "skipped", "failed".
[[nodiscard]] std::string_view name_of(Status status);

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

  [[nodiscard]] std::size_t count(Status status) const;
};

/// The summary with the program's version; `status` is "done", or "failed" when anything failed.
[[nodiscard]] nlohmann::json to_json(const RunSummary& summary);

/// summary.csv: a heading and one row per image (RFC 4180, decimal points).
[[nodiscard]] std::string to_csv(const RunSummary& summary);

} // namespace lmc::app
