// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/head.hpp"

#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

CATCH_TEST_CASE("the head agrees with its definition") {
  // Smaller than a block, non-square, several blocks with remainders.
  const auto size = GENERATE(Size{4, 4}, Size{18, 7}, Size{37, 101});
  const Index channels = GENERATE(16, 48);
  const Buffer pixels = normal_buffer(size.pixels() * channels, 1);
  const Buffer mean = normal_buffer(channels, 2);
  const Buffer factor = normal_buffer(channels, 3);
  const Buffer shift{channels};
  const Source source{.pixels = pixels.data(),
                      .stride = channels,
                      .mean = mean.data(),
                      .factor = factor.data(),
                      .shift = shift.data(),
                      .relu = true};
  const std::vector<float> weights = normal_numbers(channels * taps, 4, 0.02F);
  std::vector<double> exact(static_cast<std::size_t>(size.pixels()), 0.1);
  for (Index i = 0; i < size.pixels() * taps * channels; ++i) {
    const Index pixel = i / (taps * channels);
    const Index tap = i / channels % taps;
    const Index row = reflected(pixel / size.width + tap / 7 - 3, size.height);
    const Index column = reflected(pixel % size.width + tap % 7 - 3, size.width);
    exact[static_cast<std::size_t>(pixel)] +=
        value_of(source, channels, row * size.width + column, i % channels) *
        weights[static_cast<std::size_t>(i % channels * taps + tap)];
  }
  for_each_instruction_set([&] {
    const Head head{channels, weights, 0.1F};
    std::vector<Buffer> scratch(1);
    scratch[0] = Buffer{head_scratch_floats(channels)};
    std::vector<float> result(exact.size());
    SerialTeam team;
    head.run(source, size, result.data(), scratch, team);
    for (std::size_t i = 0; i < exact.size(); ++i) {
      CATCH_REQUIRE(std::abs(result[i] - std::tanh(exact[i])) < 1e-5);
    }
  });
}
