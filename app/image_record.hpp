// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"
#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "image/image.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
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

/// One image of a run, as the summary tells it.
struct ImageRecord {
  std::filesystem::path input;
  Status status = Status::failed;
  std::string sha256;
  std::string format;
  Modality modality = Modality::unknown;
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t z_planes = 0; ///< predicted
  std::size_t t_planes = 0;
  int input_bits = 0;
  std::optional<image::PixelSize> pixel_um;
  std::array<std::filesystem::path, organelle_count> outputs; ///< empty: not predicted
  /// Model that each organelle comes from, by file name; empty: not predicted.
  std::array<std::string, organelle_count> models;
  std::uint64_t clamped_pixels = 0;  ///< of all outputs, beyond 0..65535 before rounding
  std::uint64_t windows_in_fp32 = 0; ///< redone because half precision was not finite
  StepSeconds seconds;
  std::vector<std::string> warnings;
  std::optional<Error> error;
};

/// "done", "skipped", "failed".
[[nodiscard]] std::string_view name_of(Status status);

[[nodiscard]] nlohmann::json to_json(const ImageRecord& record);

/// Heading and one row of summary.csv (RFC 4180, decimal points).
[[nodiscard]] std::string csv_heading();
[[nodiscard]] std::string csv_row(const ImageRecord& record);

} // namespace lmc::app
