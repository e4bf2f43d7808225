// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/stem.hpp"

#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

namespace {

double exact_stem(const std::vector<float>& window, Size size, const float* kernel, Index y,
                  Index x) {
  double sum = 0;
  for (Index tap = 0; tap < taps; ++tap) {
    const Index row = reflected(y + tap / 7 - 3, size.height);
    const Index column = reflected(x + tap % 7 - 3, size.width);
    sum += static_cast<double>(kernel[tap]) *
           window[static_cast<std::size_t>(row * size.width + column)];
  }
  return sum;
}

} // namespace

CATCH_TEST_CASE("the stem agrees with its definition") {
  const auto size = GENERATE(Size{4, 4}, Size{9, 31}, Size{16, 24});
  const Index outputs = GENERATE(16, 48, 64);
  const std::vector<float> window = normal_numbers(size.pixels(), 1);
  const std::vector<float> weights = normal_numbers(outputs * taps, 2, 0.2F);
  for_each_instruction_set([&] {
    const Stem stem{outputs, weights};
    Buffer result{size.pixels() * outputs};
    Buffer padded;
    BlockSums sums;
    SerialTeam team;
    stem.run(window.data(), size, false, result.data(), padded, sums, team);
    for (Index i = 0; i < size.pixels() * outputs; ++i) {
      const Index pixel = i / outputs;
      const double exact = exact_stem(window, size, weights.data() + i % outputs * taps,
                                      pixel / size.width, pixel % size.width);
      CATCH_REQUIRE(std::abs(result.data()[i] - exact) < 1e-5);
    }
  });
}

CATCH_TEST_CASE("a dark, nearly constant window keeps its contrast through the norm") {
  const Size size{16, 16};
  // Grey values around 100 of 65535: -0.997, with a deviation of three grey values.
  std::vector<float> window = normal_numbers(size.pixels(), 1, 1e-4F);
  const std::vector<float> noise = window;
  for (float& value : window) {
    value -= 0.997F;
  }
  const std::vector<float> weights = normal_numbers(16 * taps, 2, 0.2F);
  const Stem stem{16, weights};
  Buffer result{size.pixels() * 16};
  Buffer padded;
  BlockSums sums;
  ChannelNorm norm{16};
  SerialTeam team;
  stem.run(window.data(), size, true, result.data(), padded, sums, team);
  sums.finish(norm, {});
  for (Index channel = 0; channel < 16; ++channel) {
    double sum = 0;
    double squares = 0;
    for (Index pixel = 0; pixel < size.pixels(); ++pixel) {
      const double exact = exact_stem(window, size, weights.data() + channel * taps,
                                      pixel / size.width, pixel % size.width);
      sum += exact;
      squares += exact * exact;
    }
    const double mean = sum / 256;
    const double variance = squares / 256 - mean * mean;
    CATCH_CHECK(norm.factor.data()[channel] ==
                Approx(1 / std::sqrt(variance + 1e-5)).epsilon(1e-4));
  }
}
