// SPDX-License-Identifier: Apache-2.0
#include "image/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <vector>

namespace lmc::image {

namespace {

/// Percentile of sorted, non-empty values.
float percentile_of(std::span<const float> sorted, double percentile) {
  const double position = percentile / 100.0 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above],
                   static_cast<float>(position - static_cast<double>(below)));
}

} // namespace

float ContrastRange::brightness(float value) const {
  if (std::isnan(value)) {
    return 0;
  }
  return high > low ? std::clamp((value - low) / (high - low), 0.0F, 1.0F) : 0.5F;
}

ContrastRange robust_range(std::span<const float> values, double low_percentile,
                           double high_percentile) {
  std::vector<float> sorted;
  sorted.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](float value) { return std::isfinite(value); });
  if (sorted.empty()) {
    return {};
  }
  std::sort(sorted.begin(), sorted.end());
  return {percentile_of(sorted, low_percentile), percentile_of(sorted, high_percentile)};
}

} // namespace lmc::image
