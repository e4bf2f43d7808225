// SPDX-License-Identifier: Apache-2.0
#include "inference/normalisation.hpp"

#include "common/percentile.hpp"
#include "fixture.hpp"

#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace lmc::inference;
using lmc::inference::test::fixture;
using lmc::inference::test::largest_difference;
using lmc::model::InputNormalization;

namespace {

using Greys = std::vector<std::uint16_t>;
using Plane = std::vector<float>;

Plane scaled(const Greys& greys) {
  Plane plane;
  std::transform(greys.begin(), greys.end(), std::back_inserter(plane), scaled_of);
  return plane;
}

/// The image pixel by pixel through the table.
Plane seen(const Greys& greys, InputNormalization normalisation) {
  const Plane table = input_table(greys, normalisation);
  CATCH_REQUIRE(table.size() == grey_values);
  Plane plane;
  std::transform(greys.begin(), greys.end(), std::back_inserter(plane),
                 [&](std::uint16_t grey) { return table[grey]; });
  return plane;
}

/// By the definition, on a plane of floats.
Plane plain_zscore(Plane plane) {
  double sum = 0;
  for (const float value : plane) {
    sum += value;
  }
  const double mean = sum / static_cast<double>(plane.size());
  double squares = 0;
  for (const float value : plane) {
    squares += (value - mean) * (value - mean);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(plane.size()));
  for (float& value : plane) {
    value = static_cast<float>((value - mean) / deviation);
  }
  return plane;
}

Plane plain_percentile(Plane plane) {
  const double low = lmc::percentile_of<float>(plane, 2);
  const double high = lmc::percentile_of<float>(plane, 99.8);
  for (float& value : plane) {
    value = static_cast<float>(std::clamp((value - low) / (high - low) * 2 - 1, -1.0, 1.0));
  }
  return plane;
}

Greys noise(std::size_t pixels, double mean, double deviation) {
  std::mt19937 generator{3};
  std::normal_distribution<double> normal{mean, deviation};
  Greys greys(pixels);
  std::generate(greys.begin(), greys.end(), [&] {
    return static_cast<std::uint16_t>(std::clamp(normal(generator), 0.0, 65535.0));
  });
  return greys;
}

} // namespace

CATCH_TEST_CASE("z-score equals the reference") {
  const at::Tensor greys = fixture("scaling", "zscore_in");
  const auto* const first = greys.const_data_ptr<std::uint16_t>();
  Plane plane = seen({first, first + greys.numel()}, InputNormalization::z_score);
  const at::Tensor actual = at::from_blob(plane.data(), greys.sizes(), at::kFloat);
  CATCH_CHECK(largest_difference(actual, fixture("scaling", "zscore_out")) < 1e-5);
}

CATCH_TEST_CASE("tables hold the bits of planes of floats, for every normalisation") {
  // Few pixels put the percentiles between two of them; a narrow image has few grey values, a wide
  // one saturates.
  for (const std::size_t pixels :
       {std::size_t{2}, std::size_t{3}, std::size_t{501}, std::size_t{1000}, std::size_t{200003}}) {
    for (const double deviation : {3.0, 400.0, 30000.0}) {
      CATCH_INFO(pixels << " pixels, deviation " << deviation);
      const Greys greys = noise(pixels, 20000, deviation);
      const Plane plane = scaled(greys);
      CATCH_REQUIRE(*std::min_element(plane.begin(), plane.end()) !=
                    *std::max_element(plane.begin(), plane.end()));
      CATCH_CHECK(seen(greys, InputNormalization::none) == plane);
      CATCH_CHECK(seen(greys, InputNormalization::z_score) == plain_zscore(plane));
      CATCH_CHECK(seen(greys, InputNormalization::percentile) == plain_percentile(plane));
    }
  }
}

CATCH_TEST_CASE("percentile normalisation maps the percentiles to -1 and 1 and clamps") {
  Greys greys;
  for (int i = 0; i <= 1000; ++i) {
    greys.push_back(static_cast<std::uint16_t>(30 * i));
  }
  const Plane plane = seen(greys, InputNormalization::percentile);
  CATCH_CHECK(plane[0] == -1);
  CATCH_CHECK(plane[20] == Approx(-1).margin(1e-6));
  CATCH_CHECK(plane[509] == Approx(0).margin(1e-6));
  CATCH_CHECK(plane[998] == Approx(1).margin(1e-6));
  CATCH_CHECK(plane[1000] == 1);
}

CATCH_TEST_CASE("constant and empty images are normalised without a division by zero") {
  for (const std::uint16_t grey : {std::uint16_t{0}, std::uint16_t{12345}, std::uint16_t{65535}}) {
    const Greys constant(10, grey);
    CATCH_CHECK(seen(constant, InputNormalization::none) == scaled(constant));
    CATCH_CHECK(seen(constant, InputNormalization::percentile) == scaled(constant));
    CATCH_CHECK(seen(constant, InputNormalization::z_score) == Plane(10, 0.0F));
  }
  CATCH_CHECK(input_table({}, InputNormalization::z_score) == scaled_greys());
  CATCH_CHECK(input_table({}, InputNormalization::percentile) == scaled_greys());
}
