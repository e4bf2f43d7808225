// SPDX-License-Identifier: Apache-2.0
#include "model/generator.hpp"

#include "model/formula_weights.hpp"
#include "tests/model/fixtures.hpp"

#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

#include <map>

using namespace lmc::model;
using namespace lmc::model::test;

CATCH_TEST_CASE("the trunk agrees with the reference") {
  const c10::InferenceMode guard;
  const GeneratorArchitecture architecture{.filters = 8, .blocks = 2};
  const nlohmann::json record = net_record("generator_small_96x128");
  const at::Tensor trunk =
      generator_trunk(architecture, formula_weights(architecture), fixture_windows(record));
  CATCH_CHECK(max_difference(trunk, net_tensors("generator_small_96x128").at("trunk")) <=
              tolerance_of(record));
}

CATCH_TEST_CASE("every module of the generator has the reference's statistics") {
  const c10::InferenceMode guard;
  const GeneratorArchitecture architecture{.filters = 8, .blocks = 2};
  const nlohmann::json record = net_record("generator_small_64");
  std::map<std::string, nlohmann::json> expected;
  for (const nlohmann::json& module : record.at("trace")) {
    expected[module.at("module")] = module;
  }
  std::size_t compared = 0;
  GeneratorRun run;
  run.trace = [&](const std::string& name, const at::Tensor& output) {
    if (!expected.contains(name)) {
      return; // the reference traces the first decoder only
    }
    CATCH_INFO(name);
    const nlohmann::json& module = expected.at(name);
    const at::Tensor values = output.to(at::kDouble);
    CATCH_CHECK(nlohmann::json(output.sizes().vec()) == module.at("shape"));
    CATCH_CHECK(values.mean().item<double>() ==
                Approx(module.at("mean").get<double>()).margin(1e-6));
    CATCH_CHECK(values.std(false).item<double>() ==
                Approx(module.at("std").get<double>()).epsilon(1e-6));
    CATCH_CHECK(values.norm().item<double>() ==
                Approx(module.at("l2").get<double>()).epsilon(1e-6));
    ++compared;
  };
  const StateDict state = formula_weights(architecture);
  const at::Tensor trunk = generator_trunk(architecture, state, fixture_windows(record), run);
  static_cast<void>(generator_decoders(architecture, state, trunk, run));
  CATCH_CHECK(compared == expected.size());
}

CATCH_TEST_CASE("dropout changes training runs only, and only with the layer") {
  const at::Tensor windows = fixture_windows(net_record("generator_small_64"));
  GeneratorArchitecture architecture{.filters = 8, .blocks = 2};
  const GeneratorRun training{.mode = {.training = true}, .codes = {}, .trace = {}};
  const StateDict with = formula_weights(architecture);
  CATCH_CHECK(max_difference(generator_trunk(architecture, with, windows, training),
                             generator_trunk(architecture, with, windows)) > 0.1);
  architecture.dropout_layer = false;
  const StateDict without = formula_weights(architecture);
  CATCH_CHECK(max_difference(generator_trunk(architecture, without, windows, training),
                             generator_trunk(architecture, without, windows)) == 0);
}
