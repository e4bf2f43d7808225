// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "inference/predictor.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lmc::app {

/// What an independent program (tests/python/reference) predicts for a sample case, condensed: the
/// mean of every tile, and every stride-th pixel. Grey values, not rounded.
struct ExpectedCase {
  struct Plane {
    std::vector<double>
        tile_means;              ///< row-major over tiles; the last ones of an axis may be smaller
    std::vector<double> samples; ///< row-major over [::stride_y, ::stride_x]
  };

  std::map<std::string, std::string> model_sha256; ///< by role
  std::string preset;
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t tile = 0;
  std::size_t stride_y = 0;
  std::size_t stride_x = 0;
  std::array<Plane, organelle_count> planes;
};

/// Largest absolute differences, grey values.
struct Deviation {
  double tile_mean = 0;
  double sample = 0;
};

/// Reads expected.json. @throws Error input_corrupt
[[nodiscard]] ExpectedCase read_expected_case(const std::filesystem::path& file);

/// Condenses a plane [height, width] as `expected` does and compares.
/// @param plane row-major, of the expected size
[[nodiscard]] Deviation deviation_from(const ExpectedCase& expected, Organelle organelle,
                                       const std::vector<float>& plane);

} // namespace lmc::app
