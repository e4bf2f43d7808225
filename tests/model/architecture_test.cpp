// SPDX-License-Identifier: Apache-2.0
#include "model/architecture.hpp"

#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "model/discriminator.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::model;

namespace {

Architecture parse(const std::string& text) {
  Architecture architecture;
  read_fields(parse_json(text), architecture);
  return architecture;
}

} // namespace

CATCH_TEST_CASE("architectures survive JSON") {
  const std::vector<Architecture> architectures{
      GeneratorArchitecture{.filters = 7, .blocks = 3, .norm = Norm::batch, .dropout_layer = false},
      GeneratorArchitecture{.dynamic = true},
      UnetPlusPlusArchitecture{.layers = {1, 2, 3, 4}, .dynamic = true}};
  for (const Architecture& architecture : architectures) {
    Architecture read;
    read_fields(fields_of(architecture), read);
    CATCH_CHECK(read == architecture);
  }
  const DiscriminatorArchitecture discriminator{.filters = 5, .layers = 2, .input_channels = 3};
  DiscriminatorArchitecture read;
  read_fields(fields_of(discriminator), read);
  CATCH_CHECK(read == discriminator);
}

CATCH_TEST_CASE("missing keys keep the paper's values") {
  const auto generator = std::get<GeneratorArchitecture>(parse(R"({"network": "generator"})"));
  CATCH_CHECK(generator == GeneratorArchitecture{});
  CATCH_CHECK(generator.filters == 64);
  CATCH_CHECK(generator.blocks == 9);
}

CATCH_TEST_CASE("faulty architectures are refused with the key and what is allowed") {
  const auto fails = [](const std::string& fields, const std::string& message) {
    CATCH_CHECK_THROWS_WITH(parse("{" + fields + "}"), Catch::Contains(message));
  };
  fails("", "\"network\" is missing");
  fails(R"("network": "vit")", "allowed is one of generator, unet++");
  fails(R"("network": "discriminator")", "allowed is one of generator, unet++");
  fails(R"("network": "generator", "ngf": 64)", "unknown key \"ngf\"");
  fails(R"("network": "generator", "filters": 0)",
        "\"filters\" is 0, allowed is a whole number from 1 to 4096");
  fails(R"("network": "generator", "filters": 18446744073709551615)",
        "\"filters\" is 18446744073709551615, allowed is a whole number from 1 to 4096");
  fails(R"("network": "generator", "filters": 6.4)", "allowed is a whole number");
  fails(R"("network": "generator", "norm": "layer")", "allowed is one of instance, batch");
  fails(R"("network": "generator", "norm": "batch", "dynamic": true)", "allowed is instance");
  fails(R"("network": "unet++", "layers": [3, 4])", "\"layers\" is [3,4], allowed is a list of 4");
  fails(R"("network": "unet++", "stem_channels": 3)", "allowed are multiples of 64");
}

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
    const auto inferred = infer_architecture(lmc::test::formula_weights(architecture));
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
