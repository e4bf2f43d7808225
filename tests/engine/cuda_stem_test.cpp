// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/stem.hpp"

#include "tests/engine/cuda_numbers.hpp"

#include <cmath>

using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

Numbers<Contrast> contrast_of(const Numbers<float>& windows, int count) {
  Numbers<Contrast> contrast(static_cast<std::size_t>(count));
  run_twice(MeasureContrast{.windows = windows.data(),
                            .count = count,
                            .pixels = static_cast<int>(windows.size()) / count,
                            .contrast = contrast.data()},
            contrast);
  return contrast;
}

} // namespace

CATCH_TEST_CASE("a window's contrast becomes about one, its mean zero") {
  // Deviations of a dark image (13 grey values of 65535) and of an ordinary one.
  for (const float deviation : {4e-4F, 0.2F}) {
    const Numbers<float> windows = normal_floats(2 * 37 * 53, 3, deviation, -0.99F);
    const Numbers<Contrast> contrast = contrast_of(windows, 2);
    for (const Contrast& c : {contrast[0], contrast[1]}) {
      CATCH_CHECK(std::abs(c.mean + 0.99F) < deviation / 10);
      CATCH_CHECK(c.scale * deviation > 0.6F);
      CATCH_CHECK(c.scale * deviation < 1.7F);
      CATCH_CHECK(std::exp2(std::round(std::log2(c.scale))) == c.scale);
    }
  }
}

CATCH_TEST_CASE("a constant window stays zero") {
  Numbers<float> window(100);
  std::fill_n(window.data(), 100, 0.3F);
  const Contrast contrast = contrast_of(window, 1)[0];
  CATCH_CHECK(contrast.mean == 0.3F);
  CATCH_CHECK(contrast.scale == 1.0F);
}

CATCH_TEST_CASE("the CUDA stem agrees with its definition") {
  struct Case {
    int height, width, channels;
  };
  // The smallest window, remainders of tiles on both axes, several groups of channels.
  const auto [height, width, channels] =
      GENERATE(Case{8, 8, 8}, Case{12, 20, 64}, Case{37, 101, 24});
  const int count = 2;
  const Numbers<float> windows = normal_floats(count * height * width, 1, 0.3F);
  const Numbers<float> weights = normal_floats(49 * channels, 2, 0.2F);
  Numbers<Contrast> contrast(2);
  contrast[0] = {.mean = 0.25F, .scale = 4};
  contrast[1] = {.mean = -0.5F, .scale = 1};
  Numbers<Half> result(static_cast<std::size_t>(count * height * width * channels));
  run_twice(Stem{.windows = windows.data(),
                 .contrast = contrast.data(),
                 .weights = weights.data(),
                 .count = count,
                 .height = height,
                 .width = width,
                 .channels = channels,
                 .result = result.data()},
            result);
  const auto exact = [&](int window, int y, int x, int channel) {
    double sum = 0;
    const Contrast& c = contrast[static_cast<std::size_t>(window)];
    for (int tap = 0; tap < 49; ++tap) {
      const int row = reflected(y + tap / 7 - 3, height);
      const int column = reflected(x + tap % 7 - 3, width);
      const float grey =
          windows[static_cast<std::size_t>((window * height + row) * width + column)];
      sum += (static_cast<double>(grey) - c.mean) * c.scale *
             weights[static_cast<std::size_t>(tap * channels + channel)];
    }
    return sum;
  };
  for (int i = 0; i < count * height * width * channels; ++i) {
    const int pixel = i / channels;
    const double expected =
        exact(pixel / (height * width), pixel / width % height, pixel % width, i % channels);
    const double error = to_float(result[static_cast<std::size_t>(i)]) - expected;
    CATCH_REQUIRE(std::abs(error) <= 1e-5 + 0x1p-11 * std::abs(expected));
  }
}
