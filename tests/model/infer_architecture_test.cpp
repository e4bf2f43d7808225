// SPDX-License-Identifier: Apache-2.0
#include "model/infer_architecture.hpp"

#include "model/formula_weights.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

using namespace lmc::model;

CATCH_TEST_CASE("an architecture is read off the tensors that it makes") {
  const std::vector<Architecture> architectures{
      GeneratorArchitecture{.filters = 8, .blocks = 2},
      GeneratorArchitecture{.filters = 4, .blocks = 3, .norm = Norm::batch},
      GeneratorArchitecture{.filters = 4, .blocks = 1, .norm = Norm::batch, .dropout_layer = false},
      GeneratorArchitecture{.filters = 4, .blocks = 1, .dropout_layer = false},
      GeneratorArchitecture{.filters = 4, .blocks = 1, .dynamic = true},
      UnetPlusPlusArchitecture{.layers = {1, 2, 1, 1},
                               .groups = 8,
                               .width_per_group = 16,
                               .stem_channels = 8,
                               .decoder_channels = {16, 8, 8, 4, 4}},
      UnetPlusPlusArchitecture{.layers = {1, 1, 1, 1},
                               .groups = 4,
                               .width_per_group = 8,
                               .stem_channels = 8,
                               .decoder_channels = {16, 8, 8, 4, 4},
                               .dynamic = true}};
  for (const Architecture& architecture : architectures) {
    CATCH_INFO(describe(architecture));
    const auto inferred = infer_architecture(formula_weights(architecture));
    CATCH_REQUIRE(inferred);
    CATCH_CHECK(*inferred == architecture);
  }
}

CATCH_TEST_CASE("tensors of no known network give nothing") {
  StateDict state;
  CATCH_CHECK_FALSE(infer_architecture(state));
  state.add("fc.weight", at::zeros({3, 4}));
  state.add("encoder.1.weight", at::zeros({}));
  CATCH_CHECK_FALSE(infer_architecture(state));
}
