// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/add_bias.hpp"
#include "engine/cuda/kernels/join_channels.hpp"
#include "engine/cuda/kernels/strided_stem.hpp"
#include "tests/engine/cuda_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

constexpr std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

} // namespace

CATCH_TEST_CASE("bias, residual and ReLU agree with their definition") {
  struct Case {
    int pixels, channels;
    bool relu, residual;
  };
  // One vector, remainders of blocks, more channels than a block has threads.
  const auto [pixels, channels, relu, residual] =
      GENERATE(Case{1, 8, true, false}, Case{99, 24, true, true}, Case{37, 4096, false, true},
               Case{1030, 16, false, false});
  const int count = 2;
  const Numbers<Half> source = normal_halves(count * pixels * channels, 1, 2);
  const Numbers<Half> old = normal_halves(count * pixels * channels, 2, 2);
  const Numbers<float> bias = normal_floats(channels, 3);
  Numbers<Half> result(source.size());
  const AddBias kernel{.source = source.data(),
                       .bias = bias.data(),
                       .residual = residual ? old.data() : nullptr,
                       .relu = relu,
                       .count = count,
                       .pixels = pixels,
                       .channels = channels,
                       .result = result.data()};
  run_twice(kernel, result);
  for (int i = 0; i < count * pixels * channels; ++i) {
    double expected =
        static_cast<double>(to_float(source[at(i)])) + static_cast<double>(bias[at(i % channels)]);
    expected += residual ? static_cast<double>(to_float(old[at(i)])) : 0;
    expected = relu ? std::max(expected, 0.0) : expected;
    // Half a unit of half precision, below 2^-14 of its smallest one, and float32's own rounding.
    CATCH_REQUIRE(std::abs(to_float(result[at(i)]) - expected) <=
                  0x1p-25 + 1e-6 + 0x1p-11 * std::abs(expected));
  }

  Numbers<Half> in_place = source;
  AddBias changing = kernel;
  changing.source = changing.result = in_place.data();
  run_on_host(changing);
  CATCH_CHECK(std::memcmp(in_place.data(), result.data(), result.size() * sizeof(Half)) == 0);
}

CATCH_TEST_CASE("neither ReLU nor a bias hides an overflow") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  // Finite where half precision holds the sum, or ReLU makes zero of it.
  struct Case {
    float convolution, bias, residual;
    bool relu, finite;
  };
  const auto c =
      GENERATE_COPY(Case{infinity, 0, 0, true, false}, Case{-infinity, 0, 0, true, false},
                    Case{-infinity, 0, 0, false, false}, Case{std::nanf(""), 0, 0, true, false},
                    Case{0, 0, -infinity, true, false}, Case{infinity, 0, -infinity, true, false},
                    Case{60000, 6000, 0, true, false}, Case{-60000, -6000, 0, false, false},
                    Case{-60000, -6000, 0, true, true}, Case{60000, 5500, 0, true, true},
                    Case{60000, 0, 60000, true, false}, Case{60000, 0, -60000, true, true});
  Numbers<Half> source(8);
  Numbers<Half> residual(8);
  Numbers<float> bias(8);
  std::fill_n(bias.data(), 8, c.bias);
  source[5] = to_half(c.convolution);
  residual[5] = to_half(c.residual);
  Numbers<Half> result(8);
  run_on_host(AddBias{.source = source.data(),
                      .bias = bias.data(),
                      .residual = residual.data(),
                      .relu = c.relu,
                      .count = 1,
                      .pixels = 1,
                      .channels = 8,
                      .result = result.data()});
  CATCH_CHECK(std::isnan(to_float(result[5])) == !c.finite);
  CATCH_CHECK(std::isfinite(to_float(result[5])) == c.finite);
  CATCH_CHECK(std::isfinite(to_float(result[4])));
}

CATCH_TEST_CASE("images are joined channel after channel, the coarse one doubled") {
  struct Case {
    int height, width, coarse, fine;
  };
  const auto [height, width, coarse, fine] =
      GENERATE(Case{2, 2, 8, 8}, Case{6, 14, 24, 64}, Case{34, 18, 16, 2048});
  const int count = 2;
  const int stride = coarse + fine;
  const Numbers<Half> first = normal_halves(count * height / 2 * width / 2 * coarse, 1);
  const Numbers<Half> second = normal_halves(count * height * width * fine, 2);
  Numbers<Half> result(at(count * height * width * stride));
  JoinChannels kernel{.source = first.data(),
                      .doubled = true,
                      .count = count,
                      .height = height,
                      .width = width,
                      .channels = coarse,
                      .first = 0,
                      .stride = stride,
                      .result = result.data()};
  run_twice(kernel, result);
  CATCH_CHECK(std::isnan(to_float(result[at(coarse)]))); // the others' places are left alone
  kernel.source = second.data();
  kernel.doubled = false;
  kernel.channels = fine;
  kernel.first = coarse;
  run_on_host(kernel);
  for (int i = 0; i < count * height * width * stride; ++i) {
    const int channel = i % stride;
    const int x = i / stride % width;
    const int y = i / stride / width % height;
    const int window = i / stride / width / height;
    const int small = (window * height / 2 + y / 2) * (width / 2) + x / 2;
    const int large = (window * height + y) * width + x;
    const Half expected = channel < coarse ? first[at(small * coarse + channel)]
                                           : second[at(large * fine + channel - coarse)];
    CATCH_REQUIRE(result[at(i)].bits == expected.bits);
  }
}

namespace {

/// What a stem is tested on.
struct StemCase {
  int height, width, channels;
};

double exact_stem(const StemCase& c, const Numbers<float>& windows, const Numbers<float>& weights,
                  int window, int y, int x, int channel) {
  double sum = 0;
  for (int tap = 0; tap < 49; ++tap) {
    const int row = 2 * y + tap / 7 - 3;
    const int column = 2 * x + tap % 7 - 3;
    if (row >= 0 && row < c.height && column >= 0 && column < c.width) {
      const int pixel = (window * c.height + row) * c.width + column;
      sum += static_cast<double>(windows[at(pixel)]) *
             static_cast<double>(weights[at(tap * c.channels + channel)]);
    }
  }
  return sum;
}

} // namespace

CATCH_TEST_CASE("the UNet++'s CUDA stem agrees with its definition") {
  // Smaller than the kernel, remainders of tiles on both axes, several groups of channels.
  const auto c = GENERATE(StemCase{2, 4, 8}, StemCase{32, 64, 64}, StemCase{38, 150, 24});
  const int count = 2;
  const Numbers<float> windows = normal_floats(count * c.height * c.width, 1, 0.4F);
  const Numbers<float> weights = normal_floats(49 * c.channels, 2, 0.2F);
  const Numbers<float> scale = normal_floats(2 * c.channels, 3);
  const int rows = c.height / 2;
  const int columns = c.width / 2;
  Numbers<Half> result(at(count * rows * columns * c.channels));
  run_twice(StridedStem{.windows = windows.data(),
                        .weights = weights.data(),
                        .scale = scale.data(),
                        .count = count,
                        .height = c.height,
                        .width = c.width,
                        .channels = c.channels,
                        .result = result.data()},
            result);
  for (int i = 0; i < count * rows * columns * c.channels; ++i) {
    const int channel = i % c.channels;
    const int pixel = i / c.channels;
    const double sum = exact_stem(c, windows, weights, pixel / (rows * columns),
                                  pixel / columns % rows, pixel % columns, channel);
    const double expected = std::max(0.0, sum * static_cast<double>(scale[at(channel)]) +
                                              static_cast<double>(scale[at(c.channels + channel)]));
    CATCH_REQUIRE(std::abs(to_float(result[at(i)]) - expected) <= 1e-5 + 0x1p-11 * expected);
  }
}

CATCH_TEST_CASE("the UNet++'s CUDA stem does not hide an overflow") {
  Numbers<float> window(16);
  Numbers<float> weights(49 * 8);
  std::fill_n(weights.data(), 49 * 8, 1.0F);
  Numbers<float> scale(16);
  std::fill_n(scale.data(), 8, 1.0F);
  scale[0] = -1; // too small for half precision, but ReLU makes zero of it
  window[0] = 1e5F;
  Numbers<Half> result(4 * 8);
  run_on_host(StridedStem{.windows = window.data(),
                          .weights = weights.data(),
                          .scale = scale.data(),
                          .count = 1,
                          .height = 4,
                          .width = 4,
                          .channels = 8,
                          .result = result.data()});
  CATCH_CHECK(to_float(result[0]) == 0);
  CATCH_CHECK(std::isnan(to_float(result[1])));
}
