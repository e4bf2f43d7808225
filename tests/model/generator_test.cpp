// SPDX-License-Identifier: Apache-2.0
#include "model/generator.hpp"

#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

using namespace lmc::model;
using namespace lmc::model::test;

CATCH_TEST_CASE("the trunk agrees with the reference") {
  const c10::InferenceMode guard;
  const GeneratorArchitecture architecture{.filters = 8, .blocks = 2};
  const nlohmann::json record = net_record("generator_small_96x128");
  const at::Tensor trunk = generator_trunk(architecture, lmc::test::formula_weights(architecture),
                                           fixture_windows(record));
  CATCH_CHECK(max_difference(trunk, net_tensors("generator_small_96x128").at("trunk")) <=
              tolerance_of(record));
}

CATCH_TEST_CASE("dropout changes training runs only, and only with the layer") {
  const at::Tensor windows = fixture_windows(net_record("generator_small_64"));
  GeneratorArchitecture architecture{.filters = 8, .blocks = 2};
  const GeneratorRun training{.mode = {.training = true}, .codes = {}};
  const StateDict with = lmc::test::formula_weights(architecture);
  CATCH_CHECK(max_difference(generator_trunk(architecture, with, windows, training),
                             generator_trunk(architecture, with, windows)) > 0.1);
  architecture.dropout_layer = false;
  const StateDict without = lmc::test::formula_weights(architecture);
  CATCH_CHECK(max_difference(generator_trunk(architecture, without, windows, training),
                             generator_trunk(architecture, without, windows)) == 0);
}
