// SPDX-License-Identifier: Apache-2.0
#include "inference/normalisation.hpp"

#include "common/percentile.hpp"

#include <algorithm>
#include <cmath>

namespace lmc::inference {

namespace {

using Greys = std::span<const std::uint16_t>;
using Table = std::vector<float>;

struct Moments {
  double mean = 0;
  double deviation = 0;
};

// Summed pixel by pixel: sums over a histogram would be rounded otherwise.
Moments moments_of(Greys greys, const Table& scaled) {
  const auto count = static_cast<double>(greys.size());
  double sum = 0;
  for (const std::uint16_t grey : greys) {
    sum += scaled[grey];
  }
  const double mean = sum / count;
  double squares = 0;
  for (const std::uint16_t grey : greys) {
    squares += (scaled[grey] - mean) * (scaled[grey] - mean);
  }
  return {.mean = mean, .deviation = std::sqrt(squares / count)};
}

bool is_constant(Greys greys) {
  return std::all_of(greys.begin(), greys.end(),
                     [first = greys.front()](std::uint16_t grey) { return grey == first; });
}

void normalise_zscore(Table& table, Greys greys) {
  // The rounded mean of equal values may differ from them, and their deviation from zero.
  if (is_constant(greys)) {
    std::fill(table.begin(), table.end(), 0.0F);
    return;
  }
  const Moments moments = moments_of(greys, table);
  for (float& value : table) {
    value = static_cast<float>((value - moments.mean) / moments.deviation);
  }
}

void normalise_percentile(Table& table, Greys greys) {
  const Histogram histogram{greys};
  const auto smallest = [&](std::size_t place) { return table[histogram.smallest(place)]; };
  const double low = percentile(greys.size(), 2, smallest);
  const double high = percentile(greys.size(), 99.8, smallest);
  if (low == high) {
    return;
  }
  for (float& value : table) {
    const double scaled = (value - low) / (high - low) * 2 - 1;
    value = static_cast<float>(std::clamp(scaled, -1.0, 1.0));
  }
}

} // namespace

std::vector<float> input_table(Greys greys, model::InputNormalization normalisation) {
  Table table = scaled_greys();
  if (greys.empty()) {
    return table;
  }
  switch (normalisation) {
  case model::InputNormalization::none:
    break;
  case model::InputNormalization::percentile:
    normalise_percentile(table, greys);
    break;
  case model::InputNormalization::z_score:
    normalise_zscore(table, greys);
    break;
  }
  return table;
}

} // namespace lmc::inference
