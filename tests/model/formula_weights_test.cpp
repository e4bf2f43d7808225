// SPDX-License-Identifier: Apache-2.0
#include "tests/support/formula_weights.hpp"

#include "model/discriminator.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lmc::model;

namespace {

std::vector<float> first_values(const at::Tensor& tensor, std::size_t count) {
  const float* values = tensor.const_data_ptr<float>();
  return {values, values + count};
}

void check_first(const StateDict& state, const std::string& name,
                 const std::vector<double>& expected) {
  CATCH_INFO(name);
  const std::vector<float> found = first_values(state.at(name), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CATCH_CHECK(found[i] == Approx(expected[i]).epsilon(1e-8));
  }
}

} // namespace

CATCH_TEST_CASE("formula weights of the generator") {
  const StateDict state =
      lmc::test::formula_weights(GeneratorArchitecture{.filters = 8, .blocks = 2});
  check_first(state, "encoder.1.weight", {-0.150303692, -0.103348203, 0.274891824, -0.269189775});
  check_first(state, "encoder.1.bias", {-0.00456215162, 0.0346999057, 0.0438522808, -0.0313688889});
  check_first(state, "encoder.4.weight", {-0.183836594, 0.248112962, -0.108578824, -0.058315482});
  check_first(state, "decoder1.decoder.0.weight",
              {-0.0740221888, -0.0797225535, -0.00775605068, -0.101074949});
  check_first(state, "decoder1.decoder.7.weight",
              {-0.0891530216, -0.0727570727, 0.106243923, -0.055356998});
  CATCH_CHECK(state.at("encoder.1.weight").to(at::kDouble).sum().item<double>() ==
              Approx(-2.16107844777).epsilon(1e-10));
}

CATCH_TEST_CASE("formula weights of UNet++ with its gains") {
  const StateDict state = lmc::test::formula_weights(
      UnetPlusPlusArchitecture{.layers = {1, 1, 1, 1}, .groups = 32, .width_per_group = 4});
  check_first(state, "encoder.bn1.weight", {1.01803374, 0.928784788, 1.02409589, 0.972519398});
  check_first(state, "encoder.bn1.running_var", {1.22246742, 1.10492992, 1.25359869, 1.05532217});
  check_first(state, "encoder.layer1.0.bn3.weight",
              {0.23200269, 0.256484181, 0.263360292, 0.230144978});
  check_first(state, "encoder.layer1.0.conv2.weight",
              {-0.0451638885, -0.164738923, -0.160495847, -0.246637091});
  check_first(state, "segmentation_head.0.weight",
              {0.0394468345, 0.136659876, 0.062400084, 0.218761519});
}

CATCH_TEST_CASE("a prefix gives networks with the same names other weights") {
  const TensorSpecs specs = tensor_specs(DiscriminatorArchitecture{.filters = 8});
  const at::Tensor plain = lmc::test::formula_weights(specs).at("model.0.weight");
  const at::Tensor first = lmc::test::formula_weights(specs, "D1.").at("model.0.weight");
  CATCH_CHECK_FALSE(plain.equal(first));
}
