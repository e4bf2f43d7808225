// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/fold.hpp"

#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

namespace {

NormedConv normed(const std::vector<float>& weight, Index outputs) {
  return {
      .weight = weight, .factor = normal_numbers(outputs, 2), .shift = normal_numbers(outputs, 3)};
}

constexpr std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

} // namespace

CATCH_TEST_CASE("inputs of several images are padded each") {
  const std::vector<float> weight = normal_numbers(5 * 27 * 9, 1);
  const NormedConv conv = normed(weight, 5);
  const std::array<Index, 2> parts{7, 20}; // at 0 and, padded, at 16
  const FoldedConv f = folded(conv, parts, 9);
  CATCH_REQUIRE(f.weight.size() == 16 * 48 * 9);
  for (Index output = 0; output < 16; ++output) {
    CATCH_CHECK(f.bias[at(output)] == (output < 5 ? conv.shift[at(output)] : 0.0F));
    for (Index input = 0; input < 48; ++input) {
      const bool used = output < 5 && (input < 7 || (input >= 16 && input < 36));
      const Index original = input < 7 ? input : input - 9;
      for (Index tap = 0; tap < 9; ++tap) {
        const float wanted =
            used ? weight[at((output * 27 + original) * 9 + tap)] * conv.factor[at(output)] : 0.0F;
        CATCH_REQUIRE(f.weight[at((output * 48 + input) * 9 + tap)] == wanted);
      }
    }
  }
}

CATCH_TEST_CASE("narrow groups are merged with zeros between them") {
  // Groups of 4, 8 of them: four make 16 channels.
  const std::vector<float> weight = normal_numbers(32 * 4 * 9, 1);
  const NormedConv conv = normed(weight, 32);
  const FoldedConv f = folded_groups(conv, 8);
  CATCH_REQUIRE(f.groups == 2);
  CATCH_REQUIRE(f.weight.size() == 32 * 16 * 9);
  for (Index output = 0; output < 32; ++output) {
    for (Index input = 0; input < 16; ++input) { // of the merged group
      const bool used = input / 4 == output / 4 % 4;
      const float wanted = used ? weight[at((output * 4 + input % 4) * 9 + 8)] : 0.0F;
      CATCH_REQUIRE(f.weight[at((output * 16 + input) * 9 + 8)] ==
                    wanted * conv.factor[at(output)]);
    }
  }
}

CATCH_TEST_CASE("groups merge until they fill vectors, or all of them") {
  const auto groups_of = [](Index groups, Index width) {
    const std::vector<float> weight = normal_numbers(groups * width * width * 9, 1);
    return folded_groups(normed(weight, groups * width), groups).groups;
  };
  CATCH_CHECK(groups_of(32, 16) == 32);
  CATCH_CHECK(groups_of(4, 48) == 4);
  CATCH_CHECK(groups_of(4, 24) == 2);
  CATCH_CHECK(groups_of(3, 6) == 1);
  CATCH_CHECK(groups_of(1, 10) == 1);
}

CATCH_TEST_CASE("weights that do not suit the channels are refused") {
  const std::vector<float> weight(4 * 6 * 9);
  const std::array<Index, 1> parts{5};
  CATCH_CHECK_THROWS_AS(folded(normed(weight, 4), parts, 9), std::invalid_argument);
  CATCH_CHECK_THROWS_AS(folded_groups(normed(weight, 4), 2), std::invalid_argument);
}
