// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lmc::training {

/// Grey values of a label plane between which a pixel counts fully.
struct LabelRange {
  double low = 0;  ///< 2nd percentile
  double high = 0; ///< 99.8th percentile
};

/// Whether a pixel at a percentile itself counts fully.
enum class MaskBorders {
  exclusive, ///< as in the published code: saturated and background pixels count little
  inclusive, ///< the closed interval
};

/// Weight of pixels outside the range.
inline constexpr float outside_weight = 0.1F;

/// The 2nd and 99.8th percentile of a whole label plane, before cropping, in grey values; linear
/// interpolation between order statistics as numpy's default.
/// @param greys not empty
[[nodiscard]] LabelRange label_range(std::span<const std::uint16_t> greys);

/// Weight of a pixel in the masked L1 loss: 1 inside the range, 0.1 outside (arXiv 2406.15716).
[[nodiscard]] float mask_weight(std::uint16_t grey, const LabelRange& range, MaskBorders borders);

} // namespace lmc::training
