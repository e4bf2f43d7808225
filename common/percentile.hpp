// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lmc {

/// Percentile by linear interpolation between order statistics, in double: numpy's default, to the
/// last bit (numpy interpolates from the nearer end).
/// @param count of the values, at least 1
/// @param percent in [0, 100]
/// @param smallest smallest(i) gives the value at place i of the sorted values; asked for one
/// place, then perhaps for the next
template <class Smallest>
[[nodiscard]] double percentile(std::size_t count, double percent, const Smallest& smallest) {
  const double rank = percent / 100 * static_cast<double>(count - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto lower = static_cast<double>(smallest(below));
  if (below + 1 == count) {
    return lower;
  }
  const auto upper = static_cast<double>(smallest(below + 1));
  const double part = rank - static_cast<double>(below);
  return part < 0.5 ? lower + (upper - lower) * part : upper - (upper - lower) * (1 - part);
}

/// The same of an array, which is reordered.
/// @param values not empty, no NaN
template <class T> [[nodiscard]] double percentile_in_place(std::span<T> values, double percent) {
  auto unsorted = values.begin(); // what lies before is no larger than the rest
  return percentile(values.size(), percent, [&](std::size_t place) {
    const auto found = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(unsorted, found, values.end());
    unsorted = found;
    return *found;
  });
}

/// The same of values that stay as they are. Copies them.
template <class T> [[nodiscard]] double percentile_of(std::span<const T> values, double percent) {
  std::vector<T> copy(values.begin(), values.end());
  return percentile_in_place(std::span<T>{copy}, percent);
}

/// Pixels of every 16-bit grey value: order statistics without sorting.
class Histogram {
public:
  explicit Histogram(std::span<const std::uint16_t> greys)
      : counts_(std::size_t{65536}), pixels_{greys.size()} {
    for (const std::uint16_t grey : greys) {
      ++counts_[grey];
    }
  }

  [[nodiscard]] std::size_t pixels() const { return pixels_; }
  [[nodiscard]] std::size_t count(std::uint16_t grey) const { return counts_[grey]; }

  /// The grey value at a place, below `pixels()`, of the sorted pixels.
  [[nodiscard]] std::uint16_t smallest(std::size_t place) const {
    std::size_t grey = 0;
    for (std::size_t passed = counts_[0]; passed <= place; passed += counts_[grey]) {
      ++grey;
    }
    return static_cast<std::uint16_t>(grey);
  }

  /// See common/percentile.hpp. There must be a pixel.
  [[nodiscard]] double percentile(double percent) const {
    return lmc::percentile(pixels_, percent, [this](std::size_t place) { return smallest(place); });
  }

private:
  std::vector<std::size_t> counts_;
  std::size_t pixels_;
};

} // namespace lmc
