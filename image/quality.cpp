// SPDX-License-Identifier: Apache-2.0
#include "image/quality.hpp"

#include "common/percentile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lmc::image {
namespace {

constexpr double largest_saturated_share = 0.05;
// A 16-bit camera's offset noise alone spans more than this (about 131 of 65535).
constexpr double smallest_contrast = 0.002;

/// Smallest value that at least `share` of the pixels do not exceed.
std::uint16_t quantile(const Histogram& histogram, double share) {
  const double wanted = std::ceil(share * static_cast<double>(histogram.pixels()));
  return histogram.smallest(static_cast<std::size_t>(std::max(wanted, 1.0)) - 1);
}

} // namespace

std::vector<std::string> quality_warnings(std::span<const std::uint16_t> pixels,
                                          std::uint16_t full_scale) {
  if (pixels.empty()) {
    return {};
  }
  const Histogram histogram{pixels};
  if (histogram.count(pixels.front()) == pixels.size()) {
    return {fmt::format("constant image: every pixel is {}", pixels.front())};
  }
  std::vector<std::string> warnings;
  const double saturated =
      static_cast<double>(histogram.count(full_scale)) / static_cast<double>(pixels.size());
  if (saturated > largest_saturated_share) {
    warnings.push_back(fmt::format("saturated image: {:.1f} % of the pixels are at the maximum {}",
                                   100 * saturated, full_scale));
  }
  const std::uint16_t low = quantile(histogram, 0.01);
  const std::uint16_t high = quantile(histogram, 0.99);
  if (static_cast<double>(high - low) < smallest_contrast * full_scale) {
    warnings.push_back(
        fmt::format("almost no contrast: 98 % of the pixels lie between {} and {} of {}", low, high,
                    full_scale));
  }
  return warnings;
}

} // namespace lmc::image
