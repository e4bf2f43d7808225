// SPDX-License-Identifier: Apache-2.0
#include "app/commands/image_difference.hpp"

#include "common/percentile.hpp"
#include "evaluation/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace lmc::app {

namespace {

double mean_of(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double correlation_of(std::span<const float> a, std::span<const float> b) {
  evaluation::Correlation correlation{mean_of(a), mean_of(b)};
  correlation.add(a, b);
  return correlation.value();
}

} // namespace

ImageDifference difference_between(std::span<const float> a, std::span<const float> b) {
  std::vector<float> absolute(a.size());
  std::transform(a.begin(), a.end(), b.begin(), absolute.begin(),
                 [](float x, float y) { return std::abs(x - y); });
  const float largest = *std::max_element(absolute.begin(), absolute.end());
  return {mean_of(absolute), percentile_of<float>(absolute, 90), percentile_of<float>(absolute, 99),
          largest, largest == 0 ? 1 : correlation_of(a, b)};
}

} // namespace lmc::app
