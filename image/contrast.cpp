// SPDX-License-Identifier: Apache-2.0
#include "image/contrast.hpp"

#include "common/percentile.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace lmc::image {

float ContrastRange::brightness(float value) const {
  if (std::isnan(value)) {
    return 0;
  }
  return high > low ? std::clamp((value - low) / (high - low), 0.0F, 1.0F) : 0.5F;
}

ContrastRange robust_range(std::span<const float> values, double low_percentile,
                           double high_percentile) {
  std::vector<float> finite;
  finite.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](float value) { return std::isfinite(value); });
  if (finite.empty()) {
    return {};
  }
  return {static_cast<float>(percentile_in_place<float>(finite, low_percentile)),
          static_cast<float>(percentile_in_place<float>(finite, high_percentile))};
}

} // namespace lmc::image
