// SPDX-License-Identifier: Apache-2.0
#include "evaluation/ssim.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

using namespace lmc;
using namespace lmc::evaluation;

namespace {

Plane<double> noise(Index height, Index width, unsigned seed) {
  std::mt19937 bits(seed);
  Plane<double> plane{height, width};
  for (double& value : plane.pixels()) {
    value = static_cast<double>(bits() % 1000);
  }
  return plane;
}

/// Sums over one window, as the definition has them: deviations from the window's own mean.
double similarity_of_window(const NormalisedPlane& a, const NormalisedPlane& b, Index top,
                            Index left, double range) {
  std::vector<double> in_a;
  std::vector<double> in_b;
  std::vector<double> row(static_cast<std::size_t>(a.width()));
  for (Index y = top; y < top + 7; ++y) {
    a.row(y, row);
    in_a.insert(in_a.end(), row.begin() + left, row.begin() + left + 7);
    b.row(y, row);
    in_b.insert(in_b.end(), row.begin() + left, row.begin() + left + 7);
  }
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < 49; ++i) {
    mean_a += in_a[i] / 49;
    mean_b += in_b[i] / 49;
  }
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t i = 0; i < 49; ++i) {
    aa += (in_a[i] - mean_a) * (in_a[i] - mean_a) / 48;
    bb += (in_b[i] - mean_b) * (in_b[i] - mean_b) / 48;
    ab += (in_a[i] - mean_a) * (in_b[i] - mean_b) / 48;
  }
  const double c1 = std::pow(0.01 * range, 2);
  const double c2 = std::pow(0.03 * range, 2);
  return (2 * mean_a * mean_b + c1) * (2 * ab + c2) /
         ((mean_a * mean_a + mean_b * mean_b + c1) * (aa + bb + c2));
}

double by_definition(const NormalisedPlane& a, const NormalisedPlane& b) {
  const double range = std::max(a.largest() - a.smallest(), b.largest() - b.smallest());
  double total = 0;
  std::size_t windows = 0;
  for (Index y = 0; y + 7 <= a.height(); ++y) {
    for (Index x = 0; x + 7 <= a.width(); ++x) {
      total += similarity_of_window(a, b, y, x, range);
      ++windows;
    }
  }
  return total / static_cast<double>(windows);
}

} // namespace

CATCH_TEST_CASE("structural similarity equals its definition, window by window") {
  for (const auto& [height, width] : {std::pair<Index, Index>{7, 7}, {8, 30}, {23, 9}, {20, 20}}) {
    const Plane<double> a_values = noise(height, width, 1);
    const Plane<double> b_values = noise(height, width, 2);
    const NormalisedPlane a{a_values.view()};
    const NormalisedPlane b{b_values.view()};
    CATCH_CHECK(*structural_similarity(a, b) == Approx(by_definition(a, b)).epsilon(1e-12));
  }
}

CATCH_TEST_CASE("a large offset costs structural similarity no digits") {
  // Sparse planes are not normalised, so that all values stay near 1e9: mean squares of 1e18 would
  // leave no digit of a variance of 1.
  Plane<double> a_values{40, 40, 1e9};
  Plane<double> b_values{40, 40, 1e9};
  a_values(20, 20) += 3;
  b_values(20, 21) += 2;
  const NormalisedPlane a{a_values.view()};
  const NormalisedPlane b{b_values.view()};
  CATCH_CHECK(*structural_similarity(a, b) == Approx(by_definition(a, b)).epsilon(1e-9));
}

CATCH_TEST_CASE("structural similarity is symmetric and 1 for equal planes") {
  const Plane<double> a_values = noise(30, 30, 3);
  const Plane<double> b_values = noise(30, 30, 4);
  const NormalisedPlane a{a_values.view()};
  const NormalisedPlane b{b_values.view()};
  CATCH_CHECK(*structural_similarity(a, b) == Approx(*structural_similarity(b, a)).epsilon(1e-14));
  CATCH_CHECK(*structural_similarity(a, a) == Approx(1).epsilon(1e-14));
}

CATCH_TEST_CASE("structural similarity is undefined below its window and for two constants") {
  const Plane<double> values = noise(6, 20, 5);
  const NormalisedPlane small{values.view()};
  CATCH_CHECK_FALSE(structural_similarity(small, small).has_value());
  const Plane<double> constant{10, 10, 3.0};
  const NormalisedPlane flat{constant.view()};
  CATCH_CHECK_FALSE(structural_similarity(flat, flat).has_value());
}
