// SPDX-License-Identifier: Apache-2.0
#include "model/resnext_encoder.hpp"

#include "model/networks.hpp"
#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::model;
using namespace lmc::model::test;

CATCH_TEST_CASE("the encoder's features agree with the reference") {
  const c10::InferenceMode guard;
  const UnetPlusPlusArchitecture architecture{
      .layers = {1, 1, 1, 1}, .groups = 32, .width_per_group = 4};
  const nlohmann::json record = net_record("unetpp_small_64x96");
  const StateDict expected = net_tensors("unetpp_small_64x96");
  const std::array<at::Tensor, 5> features =
      encode(architecture, lmc::test::formula_weights(architecture), fixture_windows(record), {});
  CATCH_REQUIRE(features.size() == 5);
  for (std::size_t i = 0; i < features.size(); ++i) {
    CATCH_INFO("feature " << i + 1);
    CATCH_CHECK(features[i].size(1) == feature_channels(architecture).at(i));
    const at::Tensor part = features[i].slice(1, 0, std::nullopt, 16);
    CATCH_CHECK(max_difference(part, expected.at("feature" + std::to_string(i + 1) + "_sub")) <=
                tolerance_of(record));
  }
}

CATCH_TEST_CASE("the dynamic stem agrees with the reference for every modality") {
  const c10::InferenceMode guard;
  const UnetPlusPlusArchitecture architecture{
      .layers = {1, 1, 1, 1}, .groups = 32, .width_per_group = 4, .dynamic = true};
  const nlohmann::json record = net_record("unetpp_dynamic_small_64x96");
  const StateDict expected = net_tensors("unetpp_dynamic_small_64x96");
  const at::Tensor windows = fixture_windows(record);
  const at::Tensor codes = expected.at("codes").to(at::kFloat);
  const at::Tensor stem = encoder_stem(architecture, lmc::test::formula_weights(architecture),
                                       windows.expand({3, -1, -1, -1}), codes);
  CATCH_CHECK(max_difference(stem.slice(1, 0, std::nullopt, 8), expected.at("conv1_sub")) <=
              tolerance_of(record));
}
