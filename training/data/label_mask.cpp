// SPDX-License-Identifier: Apache-2.0
#include "training/data/label_mask.hpp"

#include "common/percentile.hpp"

namespace lmc::training {

LabelRange label_range(std::span<const std::uint16_t> greys) {
  const Histogram histogram{greys};
  return {.low = histogram.percentile(2), .high = histogram.percentile(99.8)};
}

float mask_weight(std::uint16_t grey, const LabelRange& range, MaskBorders borders) {
  const double value = grey;
  const bool inside = borders == MaskBorders::exclusive ? value > range.low && value < range.high
                                                        : value >= range.low && value <= range.high;
  return inside ? 1.0F : outside_weight;
}

} // namespace lmc::training
