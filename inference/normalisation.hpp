// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/scaling.hpp"
#include "model/storage/weights.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace lmc::inference {

/// What a network sees of every grey value of an image: the value scaled to [-1, 1], then the
/// network's recorded normalisation, whose statistics are those of the whole scaled image.
/// - none: the scaled value;
/// - z-score: (x - mean) / standard deviation, population formula; a constant image becomes 0;
/// - percentile: the 2nd percentile becomes -1, the 99.8th 1, and what lies beyond is clamped; the
///   percentiles are those of the challenge's metrics. An image in which the two are equal is only
///   scaled, and so is one without pixels.
///
/// Zero stays -1 in the padding whatever the normalisation.
/// @param greys the whole image
/// @return [grey_values]
[[nodiscard]] std::vector<float> input_table(std::span<const std::uint16_t> greys,
                                             model::InputNormalization normalisation);

} // namespace lmc::inference
