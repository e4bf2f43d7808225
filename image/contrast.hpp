// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace lmc::image {

/// Values shown as black and as full brightness.
struct ContrastRange {
  float low = 0;
  float high = 0;

  /// Brightness of a value in [0, 1]. Where all values are equal: 0.5. NaN: 0.
  [[nodiscard]] float brightness(float value) const;
};

/// Range between two percentiles (0 .. 100) of the finite values, linearly interpolated as numpy
/// does. A range without finite values is [0, 0].
[[nodiscard]] ContrastRange robust_range(std::span<const float> values, double low_percentile,
                                         double high_percentile);

} // namespace lmc::image
