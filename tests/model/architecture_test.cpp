// SPDX-License-Identifier: Apache-2.0
#include "model/architecture.hpp"

#include "common/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lmc;
using namespace lmc::model;

namespace {

Architecture parse(const std::string& text) {
  return architecture_from_json(parse_json(text));
}

} // namespace

CATCH_TEST_CASE("architectures survive JSON") {
  const std::vector<Architecture> architectures{
      GeneratorArchitecture{.filters = 7, .blocks = 3, .norm = Norm::batch, .dropout_layer = false},
      GeneratorArchitecture{.dynamic = true},
      UnetPlusPlusArchitecture{.layers = {1, 2, 3, 4}, .dynamic = true}};
  for (const Architecture& architecture : architectures) {
    CATCH_CHECK(architecture_from_json(to_json(architecture)) == architecture);
  }
  const DiscriminatorArchitecture discriminator{.filters = 5, .layers = 2, .input_channels = 3};
  CATCH_CHECK(discriminator_from_json(to_json(discriminator)) == discriminator);
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
  fails(R"("network": "vit")", "not one of generator, unet++");
  fails(R"("network": "discriminator")", "not one of generator, unet++");
  fails(R"("network": "generator", "ngf": 64)", "unknown key \"ngf\"");
  fails(R"("network": "generator", "filters": 0)", "\"filters\" is 0, allowed 1 to 4096");
  fails(R"("network": "generator", "filters": 18446744073709551615)",
        "\"filters\" is a number, allowed an integer");
  fails(R"("network": "generator", "filters": 6.4)", "allowed an integer");
  fails(R"("network": "generator", "norm": "layer")", "not one of instance, batch");
  fails(R"("network": "generator", "norm": "batch", "dynamic": true)", "allowed instance");
  fails(R"("network": "unet++", "layers": [3, 4])", "\"layers\" is a array, allowed 4 integers");
  fails(R"("network": "unet++", "stem_channels": 3)", "allowed multiples of 64");
}
