// SPDX-License-Identifier: Apache-2.0
#include "inference/scaling.hpp"

#include <algorithm>
#include <cmath>

namespace lmc::inference {

namespace {

constexpr float largest_grey = 65535.0F;

} // namespace

std::vector<float> scaled_greys() {
  std::vector<float> table;
  table.reserve(grey_values);
  for (std::size_t grey = 0; grey < grey_values; ++grey) {
    table.push_back(scaled_of(static_cast<std::uint16_t>(grey)));
  }
  return table;
}

void unscale(std::span<float> plane) {
  std::transform(plane.begin(), plane.end(), plane.begin(), grey_of);
}

RoundedPlane to_uint16(std::span<const float> greys) {
  RoundedPlane result;
  result.pixels.reserve(greys.size());
  for (const float grey : greys) {
    const float rounded = std::nearbyint(grey);
    if (!std::isfinite(grey)) {
      ++result.not_finite;
    } else if (rounded < 0 || rounded > largest_grey) {
      ++result.clamped;
    }
    const float known = std::isnan(rounded) ? 0.0F : rounded;
    result.pixels.push_back(static_cast<std::uint16_t>(std::clamp(known, 0.0F, largest_grey)));
  }
  return result;
}

} // namespace lmc::inference
