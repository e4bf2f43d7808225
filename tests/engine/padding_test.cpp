// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/padding.hpp"

#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace lmc::engine;
using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

namespace {

/// A convolution with a norm folded in.
ConvDescription folded(const std::vector<float>& weight, std::vector<Index> inputs, Index outputs,
                       Index groups = 1) {
  ConvDescription conv;
  conv.weights = {weight};
  conv.inputs = std::move(inputs);
  conv.outputs = {outputs};
  conv.groups = groups;
  conv.factor = normal_numbers(outputs, 2);
  conv.bias = normal_numbers(outputs, 3);
  return conv;
}

constexpr std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

} // namespace

CATCH_TEST_CASE("inputs of several images are padded each") {
  const std::vector<float> weight = normal_numbers(5 * 27 * 9, 1);
  const ConvDescription conv = folded(weight, {7, 20}, 5); // at 0 and, padded, at 16
  const PaddedConv p = padded(conv);
  CATCH_REQUIRE(p.inputs == 48);
  CATCH_REQUIRE(p.outputs == 16);
  CATCH_REQUIRE(p.weight.size() == 16 * 48 * 9);
  for (Index output = 0; output < 16; ++output) {
    CATCH_CHECK(p.bias[at(output)] == (output < 5 ? conv.bias[at(output)] : 0.0F));
    for (Index input = 0; input < 48; ++input) {
      const bool used = output < 5 && (input < 7 || (input >= 16 && input < 36));
      const Index original = input < 7 ? input : input - 9;
      for (Index tap = 0; tap < 9; ++tap) {
        const float wanted =
            used ? weight[at((output * 27 + original) * 9 + tap)] * conv.factor[at(output)] : 0.0F;
        CATCH_REQUIRE(p.weight[at((output * 48 + input) * 9 + tap)] == wanted);
      }
    }
  }
}

CATCH_TEST_CASE("parts of a transposed convolution's outputs are padded each, and their norm") {
  const std::vector<float> first = normal_numbers(3 * 7 * 9, 1);
  const std::vector<float> second = normal_numbers(3 * 20 * 9, 2);
  ConvDescription conv;
  conv.weights = {first, second};
  conv.inputs = {3};
  conv.outputs = {7, 20};
  conv.transposed = true;
  conv.norm.shift = normal_numbers(27, 3);
  const PaddedConv p = padded(conv);
  CATCH_REQUIRE(p.outputs == 48);
  CATCH_REQUIRE(p.norm.shift.size() == 48);
  CATCH_CHECK(p.norm.mean.empty());
  CATCH_CHECK(p.bias.empty());
  for (Index output = 0; output < 48; ++output) {
    const bool in_first = output < 7;
    const bool used = in_first || (output >= 16 && output < 36);
    const Index original = in_first ? output : output - 16;
    CATCH_CHECK(p.norm.shift[at(output)] ==
                (used ? conv.norm.shift[at(in_first ? original : 7 + original)] : 0.0F));
    for (Index input = 0; input < 16; ++input) {
      const Index outputs = in_first ? 7 : 20;
      const std::vector<float>& weight = in_first ? first : second;
      const float wanted =
          used && input < 3 ? weight[at((input * outputs + original) * 9 + 8)] : 0.0F;
      CATCH_REQUIRE(p.weight[at((output * 16 + input) * 9 + 8)] == wanted);
    }
  }
}

CATCH_TEST_CASE("narrow groups are merged with zeros between them") {
  // Groups of 4, 8 of them: four make 16 channels.
  const std::vector<float> weight = normal_numbers(32 * 4 * 9, 1);
  const ConvDescription conv = folded(weight, {32}, 32, 8);
  const PaddedConv p = padded(conv);
  CATCH_REQUIRE(p.groups == 2);
  CATCH_REQUIRE(p.inputs == 32);
  CATCH_REQUIRE(p.weight.size() == 32 * 16 * 9);
  for (Index output = 0; output < 32; ++output) {
    for (Index input = 0; input < 16; ++input) { // of the merged group
      const bool used = input / 4 == output / 4 % 4;
      const float wanted = used ? weight[at((output * 4 + input % 4) * 9 + 8)] : 0.0F;
      CATCH_REQUIRE(p.weight[at((output * 16 + input) * 9 + 8)] ==
                    wanted * conv.factor[at(output)]);
    }
  }
}

CATCH_TEST_CASE("groups merge until they fill vectors, or all of them") {
  const auto groups_of = [](Index groups, Index width) {
    const std::vector<float> weight = normal_numbers(groups * width * width * 9, 1);
    return padded(folded(weight, {groups * width}, groups * width, groups)).groups;
  };
  CATCH_CHECK(groups_of(32, 16) == 32);
  CATCH_CHECK(groups_of(4, 48) == 4);
  CATCH_CHECK(groups_of(4, 24) == 2);
  CATCH_CHECK(groups_of(3, 6) == 1);
  CATCH_CHECK(groups_of(1, 10) == 1);
}

CATCH_TEST_CASE("weights that do not suit the channels are refused") {
  const std::vector<float> weight(4 * 6 * 9);
  CATCH_CHECK_THROWS_AS(padded(folded(weight, {5}, 4)), std::invalid_argument);
  CATCH_CHECK_THROWS_AS(padded(folded(weight, {4}, 4, 2)), std::invalid_argument);
}
