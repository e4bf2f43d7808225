// SPDX-License-Identifier: Apache-2.0
#include "inference/normalisation.hpp"

#include "fixture.hpp"
#include "inference/scaling.hpp"

#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

#include <vector>

using namespace lmc::inference;
using lmc::inference::test::fixture;
using lmc::inference::test::largest_difference;
using lmc::model::InputNormalization;

CATCH_TEST_CASE("z-score equals the reference") {
  const at::Tensor greys = fixture("scaling", "zscore_in");
  const auto* const first = greys.const_data_ptr<std::uint16_t>();
  std::vector<float> plane = scale({first, static_cast<std::size_t>(greys.numel())});
  normalise(plane, InputNormalization::z_score);
  const at::Tensor actual = at::from_blob(plane.data(), greys.sizes(), at::kFloat);
  CATCH_CHECK(largest_difference(actual, fixture("scaling", "zscore_out")) < 1e-5);
}

CATCH_TEST_CASE("percentile normalisation maps the percentiles to -1 and 1 and clamps") {
  std::vector<float> plane;
  for (int i = 0; i <= 1000; ++i) {
    plane.push_back(static_cast<float>(i) / 1000);
  }
  normalise(plane, InputNormalization::percentile);
  CATCH_CHECK(plane[0] == -1);
  CATCH_CHECK(plane[20] == Approx(-1).margin(1e-6));
  CATCH_CHECK(plane[509] == Approx(0).margin(1e-6));
  CATCH_CHECK(plane[998] == Approx(1).margin(1e-6));
  CATCH_CHECK(plane[1000] == 1);
}

CATCH_TEST_CASE("constant and empty images are normalised without a division by zero") {
  std::vector<float> constant(10, 0.3F);
  normalise_percentile(constant);
  CATCH_CHECK(constant == std::vector<float>(10, 0.3F));
  normalise_zscore(constant);
  CATCH_CHECK(constant == std::vector<float>(10, 0.0F));
  std::vector<float> empty;
  normalise_zscore(empty);
  normalise_percentile(empty);
  CATCH_CHECK(empty.empty());
}

CATCH_TEST_CASE("no normalisation changes nothing") {
  std::vector<float> plane{-1, 0.25F, 1};
  normalise(plane, InputNormalization::none);
  CATCH_CHECK(plane == std::vector<float>{-1, 0.25F, 1});
}
