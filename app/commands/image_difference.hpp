// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace lmc::app {

/// How two predictions of the same image differ; absolute differences in the images' unit.
struct ImageDifference {
  double average = 0;
  double percentile_90 = 0;
  double percentile_99 = 0;
  double largest = 0;
  double correlation = 1; ///< Pearson; 1 for equal images, 0 when one is constant and the other not
};

/// @param a, b of equal length, not empty
[[nodiscard]] ImageDifference difference_between(std::span<const float> a,
                                                 std::span<const float> b);

} // namespace lmc::app
