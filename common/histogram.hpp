// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/percentile.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lmc {

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
