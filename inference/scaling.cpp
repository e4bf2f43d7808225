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

Plane<float> greys_of(PlaneView<const float> scaled) {
  Plane<float> greys{scaled.height(), scaled.width()};
  std::ranges::transform(scaled.pixels(), greys.pixels().begin(), grey_of);
  return greys;
}

RoundedPlane rounded(const Plane<float>& greys) {
  RoundedPlane result{.pixels = {greys.height(), greys.width()}};
  std::ranges::transform(greys.pixels(), result.pixels.pixels().begin(), [&](float grey) {
    const float nearest = std::nearbyint(grey);
    if (!(nearest >= 0 && nearest <= largest_grey)) {
      ++result.clamped;
    }
    return static_cast<std::uint16_t>(
        std::isnan(nearest) ? 0.0F : std::clamp(nearest, 0.0F, largest_grey));
  });
  return result;
}

} // namespace lmc::inference
