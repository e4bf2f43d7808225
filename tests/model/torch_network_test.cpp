// SPDX-License-Identifier: Apache-2.0
#include "model/torch_network.hpp"

#include "tests/support/formula_weights.hpp"

#include <catch2/catch.hpp>

using namespace lmc::model;

namespace {

TorchNetwork network_of(const Architecture& architecture) {
  Weights weights;
  weights.architecture = architecture;
  weights.state = lmc::test::formula_weights(architecture);
  return {weights, c10::Device{c10::DeviceType::CPU}};
}

} // namespace

CATCH_TEST_CASE("activations grow with batch, window and width of the network") {
  const TorchNetwork generator = network_of(GeneratorArchitecture{.filters = 64, .blocks = 1});
  const auto bytes = generator.memory_estimate(1, 512, 512);
  // More than one full-resolution plane per filter, less than the memory of a small machine.
  CATCH_CHECK(bytes > 64ULL * 512 * 512 * 4);
  CATCH_CHECK(bytes < 2'000'000'000ULL);
  CATCH_CHECK(generator.memory_estimate(4, 512, 512) == 4 * bytes);
  CATCH_CHECK(generator.memory_estimate(1, 256, 512) == bytes / 2);
  CATCH_CHECK(
      network_of(GeneratorArchitecture{.filters = 32, .blocks = 1}).memory_estimate(1, 512, 512) <
      bytes);
}
