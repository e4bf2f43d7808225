// SPDX-License-Identifier: Apache-2.0
#include "model/memory_estimate.hpp"

#include <catch2/catch.hpp>

using namespace lmc::model;

CATCH_TEST_CASE("activations grow with batch, window and width of the network") {
  const Architecture generator = GeneratorArchitecture{.filters = 64, .blocks = 9};
  const auto bytes = activation_bytes(generator, {1, 512, 512});
  // More than one full-resolution plane per filter, less than the memory of a small machine.
  CATCH_CHECK(bytes > 64ULL * 512 * 512 * 4);
  CATCH_CHECK(bytes < 2'000'000'000ULL);
  CATCH_CHECK(activation_bytes(generator, {4, 512, 512}) == 4 * bytes);
  CATCH_CHECK(activation_bytes(generator, {1, 256, 512}) == bytes / 2);
  CATCH_CHECK(activation_bytes(GeneratorArchitecture{.filters = 32}, {1, 512, 512}) < bytes);
  CATCH_CHECK(activation_bytes(UnetPlusPlusArchitecture{}, {1, 512, 512}) > 0);
}
