// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/settings.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace lmc::simulation {

using Pixels = std::vector<std::uint16_t>; ///< [size, size], row-major

/// What the microscope recorded of one field of view.
struct Field {
  std::vector<Pixels> planes;         ///< transmitted light, lowest focus first
  std::vector<double> deviation_um;   ///< of each plane from best focus
  std::map<Organelle, Pixels> labels; ///< at best focus
};

/// Grows a specimen and takes its images. The same numbers for the same arguments, whatever runs
/// beside it.
/// @param stream the field's number: gives it its own random numbers
/// @param labels the organelles to image
/// @param size height and width, pixels
[[nodiscard]] Field simulate_field(const StudySettings& study, const std::vector<Organelle>& labels,
                                   int size, int planes, std::uint64_t seed, std::uint64_t stream);

} // namespace lmc::simulation
