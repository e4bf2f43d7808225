// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/head.hpp"

#include "tests/engine/cuda_numbers.hpp"

#include <cmath>

using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

constexpr std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Weights [7, padded channels, 8] with zeros where the head expects them.
Numbers<Half> head_weights(int channels) {
  const int padded = Head::padded(channels);
  Numbers<Half> weights = normal_halves(7 * padded * 8, 4, 0.02F);
  for (int i = 0; i < 7 * padded * 8; ++i) {
    if (i % 8 == 7 || i / 8 % padded >= channels) {
      weights[at(i)] = {0};
    }
  }
  return weights;
}

Head head_of(const Sample& sample, const Numbers<Half>& weights, int channels,
             Numbers<float>& result) {
  return {.source = sample.activation,
          .norm = sample.norm,
          .weights = weights.data(),
          .bias = 0.1F,
          .count = sample.windows,
          .channels = channels,
          .organelle = 2,
          .organelles = 4,
          .result = result.data()};
}

/// The head's sum in float64, from inputs rounded to half precision as the head rounds them.
double exact_sum(const Sample& sample, const Numbers<Half>& weights, int channels, int window,
                 int y, int x) {
  double sum = 0.1F;
  for (int tap = 0; tap < 49; ++tap) {
    const int row = reflected(y + tap / 7 - 3, sample.activation.height);
    const int column = reflected(x + tap % 7 - 3, sample.activation.width);
    for (int channel = 0; channel < channels; ++channel) {
      const auto input = static_cast<float>(sample.normalised(window, row, column, channel, true));
      const int place = (tap / 7 * Head::padded(channels) + channel) * 8 + tap % 7;
      sum += static_cast<double>(to_float(to_half(input))) * to_float(weights[at(place)]);
    }
  }
  return sum;
}

} // namespace

CATCH_TEST_CASE("the CUDA head agrees with its definition") {
  struct Case {
    int height, width, channels;
    PixelOrder order;
  };
  // The smallest window, remainders of tiles, of chunks of channels, both orders of pixels.
  const auto [height, width, channels, order] =
      GENERATE(Case{8, 8, 8, PixelOrder::rows}, Case{12, 28, 64, PixelOrder::shuffled},
               Case{18, 60, 24, PixelOrder::shuffled}, Case{9, 31, 40, PixelOrder::rows});
  const Sample sample{2, height, width, channels, order};
  const Numbers<Half> weights = head_weights(channels);
  Numbers<float> result(at(2 * 4 * height * width));
  run_twice(head_of(sample, weights, channels, result), result);
  for (int i = 0; i < 2 * height * width; ++i) {
    const int window = i / (height * width);
    const int pixel = i % (height * width);
    const double expected =
        std::tanh(exact_sum(sample, weights, channels, window, pixel / width, pixel % width));
    const float value = result[at((window * 4 + 2) * height * width + pixel)];
    // A value at the middle between two halves may be rounded either way.
    CATCH_REQUIRE(std::abs(value - expected) < 1e-4);
  }
  CATCH_CHECK(std::isnan(result[0])); // other organelles' planes are left alone
}

CATCH_TEST_CASE("the head's tanh does not hide an overflow") {
  Sample sample{1, 8, 8, 8, PixelOrder::rows};
  sample.pixels[0] = to_half(1e9F); // infinity
  sample.norms[8] = 1;
  const Numbers<Half> weights = head_weights(8);
  Numbers<float> result(4 * 64);
  run_on_host(head_of(sample, weights, 8, result));
  CATCH_CHECK(std::isnan(result[2 * 64]));
  CATCH_CHECK(std::isfinite(result[2 * 64 + 63]));
}
