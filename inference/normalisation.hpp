// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/weights.hpp"

#include <span>

namespace lmc::inference {

/// Applies a network's recorded normalisation to a whole image that is scaled to [-1, 1], in place.
/// Zero stays -1 in the padding whatever the normalisation.
void normalise(std::span<float> plane, model::InputNormalization normalisation);

/// (x - mean) / standard deviation, population formula, over the whole image; a constant image
/// becomes 0.
void normalise_zscore(std::span<float> plane);

/// Maps the 2nd percentile to -1 and the 99.8th to 1 and clamps to [-1, 1]; the percentiles are
/// those of the challenge's metrics. An image in which the two are equal is left as it is.
void normalise_percentile(std::span<float> plane);

} // namespace lmc::inference
