// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace lmc {

/// Percentile by linear interpolation between order statistics, as numpy's default, in double.
/// Reorders `values`.
/// @param percent in [0, 100]
/// @param values not empty, no NaN
template <class T> [[nodiscard]] double percentile_in_place(std::span<T> values, double percent) {
  const double rank = percent / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(rank);
  const auto middle = values.begin() + below;
  std::nth_element(values.begin(), middle, values.end());
  const auto lower = static_cast<double>(*middle);
  if (middle + 1 == values.end()) {
    return lower;
  }
  const auto upper = static_cast<double>(*std::min_element(middle + 1, values.end()));
  return lower + (upper - lower) * (rank - static_cast<double>(below));
}

/// The same of values that stay as they are. Copies them.
template <class T> [[nodiscard]] double percentile_of(std::span<const T> values, double percent) {
  std::vector<T> copy(values.begin(), values.end());
  return percentile_in_place(std::span<T>{copy}, percent);
}

} // namespace lmc
