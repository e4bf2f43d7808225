// SPDX-License-Identifier: Apache-2.0
#include "model/discriminator.hpp"

#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/cat.h>
#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

using namespace lmc::model;
using namespace lmc::model::test;

CATCH_TEST_CASE("discriminators agree with the reference") {
  const c10::InferenceMode guard;
  for (const std::string fixture :
       {"discriminator_ndf8_64x64", "discriminator_ndf8_96x128", "discriminator_ndf64_256x256"}) {
    CATCH_INFO(fixture);
    const nlohmann::json record = net_record(fixture);
    const DiscriminatorArchitecture architecture{.filters = record.at("ndf").get<std::int64_t>()};
    const at::Tensor pairs =
        at::cat({fixture_windows(record), fixture_windows(record, "dapi_512")}, 1);
    const at::Tensor logits =
        discriminate(architecture, lmc::test::formula_weights(tensor_specs(architecture)), pairs);
    CATCH_CHECK(max_difference(logits, net_tensors(fixture).at("output")) <= tolerance_of(record));
  }
}
