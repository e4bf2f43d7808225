// SPDX-License-Identifier: Apache-2.0
#include "simulation/sample_map.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numbers>

using namespace lmc::simulation;

CATCH_TEST_CASE("a spot has a Gaussian's volume, wherever it lies between the pixels") {
  for (const double shift : {0.0, 0.03, 0.07}) {
    SampleMap canvas{64, 0.1};
    canvas.add_spot({3.2 + shift, 3.2}, 0.3, 2);
    const double volume = canvas.tensor().sum().item<double>() * 0.01;
    // Drawn to three standard deviations: 1.1 % of the volume lies outside.
    CATCH_CHECK(volume == Approx(2 * 2 * std::numbers::pi * 0.09).epsilon(0.015));
  }
}

CATCH_TEST_CASE("a sphere has its volume") {
  SampleMap canvas{64, 0.1};
  canvas.add_sphere({3.23, 3.18}, 1.5, 1);
  const double volume = canvas.tensor().sum().item<double>() * 0.01;
  CATCH_CHECK(volume == Approx(4.0 / 3 * std::numbers::pi * std::pow(1.5, 3)).epsilon(0.01));
}

CATCH_TEST_CASE("what lies outside the canvas draws nothing and reads 0") {
  SampleMap canvas{32, 0.1};
  canvas.add_spot({-5, 1}, 0.3, 1);
  canvas.add_sphere({1, 1e12}, 2, 1);
  CATCH_CHECK(canvas.tensor().abs().max().item<float>() == 0);
  canvas.at(31, 31) = 4;
  CATCH_CHECK(canvas.at(Point{3.15, 3.19}) == 4);
  CATCH_CHECK(canvas.at(Point{3.21, 3.15}) == 0);
  CATCH_CHECK(canvas.at(Point{-0.01, 0}) == 0);
  CATCH_CHECK(canvas.at(Point{std::numeric_limits<double>::quiet_NaN(), 0}) == 0);
}

CATCH_TEST_CASE("rows are y and columns are x") {
  SampleMap canvas{32, 0.1};
  canvas.add_sphere({0.55, 2.05}, 0.04, 1);
  const at::Tensor map = canvas.tensor();
  CATCH_CHECK(map[5][20].item<float>() > 0);
  CATCH_CHECK(map[20][5].item<float>() == 0);
}

CATCH_TEST_CASE("blurring widens a spot by the sum of the variances and keeps its volume") {
  SampleMap canvas{96, 0.1};
  canvas.add_spot({4.8, 4.8}, 0.3, 1);
  const at::Tensor sharp = canvas.tensor();
  const at::Tensor soft = blurred(sharp, 4);
  CATCH_CHECK(soft.sum().item<double>() == Approx(sharp.sum().item<double>()).epsilon(1e-5));
  // The height of a Gaussian falls with its variance: 9 to 25 pixels squared.
  const double ratio = (soft.max() / sharp.max()).item<double>();
  CATCH_CHECK(ratio == Approx(9.0 / 25).epsilon(0.02));
}
