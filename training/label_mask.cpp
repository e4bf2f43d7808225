// SPDX-License-Identifier: Apache-2.0
#include "training/label_mask.hpp"

#include <vector>

namespace lmc::training {

namespace {

/// Grey value of rank `rank` (from 0) among all pixels.
double grey_at(const std::vector<std::uint64_t>& histogram, std::uint64_t rank) {
  std::size_t grey = 0;
  for (std::uint64_t below = histogram[0]; below <= rank; below += histogram[grey]) {
    ++grey;
  }
  return static_cast<double>(grey);
}

double percentile(const std::vector<std::uint64_t>& histogram, std::uint64_t pixels,
                  double percent) {
  const double rank = percent / 100 * static_cast<double>(pixels - 1);
  const auto below = static_cast<std::uint64_t>(rank);
  const double part = rank - static_cast<double>(below);
  const double lower = grey_at(histogram, below);
  if (part == 0) {
    return lower;
  }
  const double upper = grey_at(histogram, below + 1);
  // numpy interpolates from the nearer end, which decides ties at the border of the mask.
  return part < 0.5 ? lower + (upper - lower) * part : upper - (upper - lower) * (1 - part);
}

} // namespace

LabelRange label_range(std::span<const std::uint16_t> greys) {
  std::vector<std::uint64_t> histogram(65536);
  for (const std::uint16_t grey : greys) {
    ++histogram[grey];
  }
  return {.low = percentile(histogram, greys.size(), 2),
          .high = percentile(histogram, greys.size(), 99.8)};
}

float mask_weight(std::uint16_t grey, const LabelRange& range, MaskBorders borders) {
  const double value = grey;
  const bool inside = borders == MaskBorders::exclusive ? value > range.low && value < range.high
                                                        : value >= range.low && value <= range.high;
  return inside ? 1.0F : outside_weight;
}

} // namespace lmc::training
