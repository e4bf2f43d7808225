// SPDX-License-Identifier: Apache-2.0
#include "inference/normalisation.hpp"

#include "common/percentile.hpp"

#include <algorithm>
#include <cmath>

namespace lmc::inference {

namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments moments_of(std::span<const float> plane) {
  const auto count = static_cast<double>(plane.size());
  double sum = 0;
  for (const float value : plane) {
    sum += value;
  }
  const double mean = sum / count;
  double squares = 0;
  for (const float value : plane) {
    squares += (value - mean) * (value - mean);
  }
  return {.mean = mean, .deviation = std::sqrt(squares / count)};
}

bool is_constant(std::span<const float> plane) {
  return std::all_of(plane.begin(), plane.end(),
                     [first = plane.front()](float value) { return value == first; });
}

} // namespace

void normalise(std::span<float> plane, model::InputNormalization normalisation) {
  switch (normalisation) {
  case model::InputNormalization::none:
    return;
  case model::InputNormalization::percentile:
    return normalise_percentile(plane);
  case model::InputNormalization::z_score:
    return normalise_zscore(plane);
  }
}

void normalise_zscore(std::span<float> plane) {
  if (plane.empty()) {
    return;
  }
  // The rounded mean of equal values may differ from them, and their deviation from zero.
  if (is_constant(plane)) {
    std::fill(plane.begin(), plane.end(), 0.0F);
    return;
  }
  const Moments moments = moments_of(plane);
  for (float& value : plane) {
    value = static_cast<float>((value - moments.mean) / moments.deviation);
  }
}

void normalise_percentile(std::span<float> plane) {
  if (plane.empty()) {
    return;
  }
  const double low = percentile_of<float>(plane, 2);
  const double high = percentile_of<float>(plane, 99.8);
  if (low == high) {
    return;
  }
  for (float& value : plane) {
    const double scaled = (value - low) / (high - low) * 2 - 1;
    value = static_cast<float>(std::clamp(scaled, -1.0, 1.0));
  }
}

} // namespace lmc::inference
