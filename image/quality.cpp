// SPDX-License-Identifier: Apache-2.0
#include "image/quality.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace lmc::image {
namespace {

constexpr double largest_saturated_share = 0.05;
// A 16-bit camera's offset noise alone spans more than this (about 131 of 65535).
constexpr double smallest_contrast = 0.002;

using Histogram = std::vector<std::size_t>;

/// Smallest value that at least `share` of the pixels do not exceed.
std::size_t quantile(const Histogram& histogram, std::size_t pixels, double share) {
  const double wanted = share * static_cast<double>(pixels);
  std::size_t seen = 0;
  std::size_t value = 0;
  for (; value + 1 < histogram.size(); ++value) {
    seen += histogram[value];
    if (static_cast<double>(seen) >= wanted && seen > 0) {
      break;
    }
  }
  return value;
}

} // namespace

std::vector<std::string> quality_warnings(std::span<const std::uint16_t> pixels,
                                          std::uint16_t full_scale) {
  if (pixels.empty()) {
    return {};
  }
  Histogram histogram(std::size_t{65536});
  for (const std::uint16_t value : pixels) {
    ++histogram[value];
  }
  if (histogram[pixels.front()] == pixels.size()) {
    return {fmt::format("constant image: every pixel is {}", pixels.front())};
  }
  std::vector<std::string> warnings;
  const double saturated =
      static_cast<double>(histogram[full_scale]) / static_cast<double>(pixels.size());
  if (saturated > largest_saturated_share) {
    warnings.push_back(fmt::format("saturated image: {:.1f} % of the pixels are at the maximum {}",
                                   100 * saturated, full_scale));
  }
  const std::size_t low = quantile(histogram, pixels.size(), 0.01);
  const std::size_t high = quantile(histogram, pixels.size(), 0.99);
  if (static_cast<double>(high - low) < smallest_contrast * full_scale) {
    warnings.push_back(
        fmt::format("almost no contrast: 98 % of the pixels lie between {} and {} of {}", low, high,
                    full_scale));
  }
  return warnings;
}

} // namespace lmc::image
