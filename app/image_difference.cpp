// SPDX-License-Identifier: Apache-2.0
#include "app/image_difference.hpp"

#include "common/percentile.hpp"

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
  const double mean_a = mean_of(a);
  const double mean_b = mean_of(b);
  double both = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    squares_a += (a[i] - mean_a) * (a[i] - mean_a);
    squares_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  const double scale = std::sqrt(squares_a * squares_b);
  return scale > 0 ? both / scale : 0;
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
