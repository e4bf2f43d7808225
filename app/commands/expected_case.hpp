// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "common/plane.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lmc::app {

/// What an independent program (tests/python/reference) predicts for a sample case, condensed: the
/// mean of every tile, and every stride-th pixel. Grey values, not rounded.
struct ExpectedCase {
  struct Condensed {
    std::vector<double>
        tile_means;              ///< row-major over tiles; the last ones of an axis may be smaller
    std::vector<double> samples; ///< row-major over [::stride_y, ::stride_x]
  };

  std::map<std::string, std::string> model_sha256; ///< by role
  std::string preset;
  Index height = 0;
  Index width = 0;
  Index tile = 0;
  Index stride_y = 0;
  Index stride_x = 0;
  PerOrganelle<Condensed> organelles;
};

/// Largest absolute differences, grey values.
struct Deviation {
  double tile_mean = 0;
  double sample = 0;
};

/// Reads expected.json. @throws Error input_corrupt
[[nodiscard]] ExpectedCase read_expected_case(const std::filesystem::path& file);

/// Condenses a plane of the expected size as `expected` does and compares.
[[nodiscard]] Deviation deviation_from(const ExpectedCase& expected, Organelle organelle,
                                       const Plane<float>& plane);

} // namespace lmc::app
