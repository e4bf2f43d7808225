// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/kernels/apply_norm.hpp"
#include "engine/cuda/kernels/channel_sums.hpp"
#include "tests/engine/cuda_numbers.hpp"

#include <cmath>
#include <limits>

using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

constexpr std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments(const Numbers<Half>& pixels, int first, int count, int channels) {
  Moments m;
  for (int i = 0; i < count; ++i) {
    m.mean += static_cast<double>(to_float(pixels[at(first + i * channels)])) / count;
  }
  for (int i = 0; i < count; ++i) {
    const double difference = to_float(pixels[at(first + i * channels)]) - m.mean;
    m.variance += difference * difference / count;
  }
  return m;
}

/// What a norm's test varies.
struct NormCase {
  int pixels;
  int channels;
  float mean;
  bool steered;
};

} // namespace

CATCH_TEST_CASE("an instance norm agrees with its definition") {
  // One pixel a chunk, channels that do not divide a block, a mean far beyond the deviation.
  const auto [pixels, channels, mean, steered] =
      GENERATE(NormCase{16, 8, 0, false}, NormCase{1000, 24, 0, true}, NormCase{333, 512, 0, false},
               NormCase{5000, 64, 100, false}, NormCase{64, 2048, -3, true});
  const int count = 2;
  const Numbers<Half> activation = normal_halves(count * pixels * channels, 1, 0.5F, mean);
  const Numbers<float> steering = normal_floats(2 * channels, 2);
  Numbers<Contrast> contrast(2);
  contrast[0] = {.mean = 0, .scale = 1};
  contrast[1] = {.mean = 0, .scale = 64};
  const int chunks = ChannelSums::chunks_for(pixels);
  Numbers<float> sums(at(count * chunks * 2 * channels));
  const ChannelSums data{.pixels = activation.data(),
                         .count = count,
                         .pixels_per_window = pixels,
                         .channels = channels,
                         .chunks = chunks,
                         .sums = sums.data()};
  run_twice(SumChannels{data}, sums);
  Numbers<float> norm(at(count * 3 * channels));
  run_twice(FinishNorm{.data = data,
                       .contrast = contrast.data(),
                       .steering = steered ? steering.data() : nullptr,
                       .norm = norm.data()},
            norm);
  for (int i = 0; i < count * channels; ++i) {
    const int window = i / channels;
    const int channel = i % channels;
    const Moments exact =
        moments(activation, window * pixels * channels + channel, pixels, channels);
    const double scale = contrast[at(window)].scale;
    const double gain = steered ? steering[at(channel)] : 1.0F;
    const double factor = gain / std::sqrt(exact.variance + 1e-5 * scale * scale);
    const float* const rows = norm.data() + window * 3 * channels;
    CATCH_REQUIRE(std::abs(rows[channel] - exact.mean) < 1e-6 * (1 + std::abs(exact.mean)));
    CATCH_REQUIRE(std::abs(rows[channels + channel] - factor) < 1e-5 * std::abs(factor));
    CATCH_REQUIRE(rows[2 * channels + channel] ==
                  (steered ? steering[at(channels + channel)] : 0.0F));
  }
}

namespace {

/// How an activation is written for the next convolution.
struct WriteCase {
  int height;
  int width;
  int channels;
  PixelOrder order;
  bool relu;
  Border border;
  int residual_border; ///< -1: no residual
};

constexpr Border reflect_one{.before = 1, .after = 1};
constexpr Border zero_after{.before = 0, .after = 1, .zeros = true};

/// The value at a place of the result.
double exact_value(const Sample& sample, const WriteCase& c, const Numbers<Half>& residual,
                   int window, int y, int x, int channel) {
  const bool outside = y < 0 || y >= c.height || x < 0 || x >= c.width;
  if (outside && c.border.zeros) {
    return 0;
  }
  const int row = reflected(y, c.height);
  const int column = reflected(x, c.width);
  double value = sample.normalised(window, row, column, channel, c.relu);
  if (c.residual_border >= 0) {
    const int across = c.width + 2 * c.residual_border;
    const int down = c.height + 2 * c.residual_border;
    const int pixel =
        (window * down + row + c.residual_border) * across + column + c.residual_border;
    value += to_float(residual[at(pixel * c.channels + channel)]);
  }
  return value;
}

} // namespace

CATCH_TEST_CASE("norm, ReLU, residual and border are applied in one pass") {
  const auto c = GENERATE(WriteCase{4, 4, 8, PixelOrder::rows, true, {}, -1},
                          WriteCase{5, 13, 24, PixelOrder::rows, false, reflect_one, 1},
                          WriteCase{18, 7, 256, PixelOrder::rows, false, {}, 1},
                          WriteCase{6, 10, 64, PixelOrder::rows, true, reflect_one, -1},
                          WriteCase{7, 9, 16, PixelOrder::rows, true, zero_after, 0},
                          WriteCase{12, 6, 32, PixelOrder::shuffled, true, zero_after, -1});
  const Sample sample{2, c.height, c.width, c.channels, c.order};
  const int rows = c.height + c.border.before + c.border.after;
  const int columns = c.width + c.border.before + c.border.after;
  const int with_border = std::max(c.residual_border, 0);
  const Numbers<Half> residual =
      normal_halves(2 * (c.height + 2 * with_border) * (c.width + 2 * with_border) * c.channels, 5);
  Numbers<Half> result(at(2 * rows * columns * c.channels));
  run_twice(ApplyNorm{.source = sample.activation,
                      .norm = sample.norm,
                      .relu = c.relu,
                      .residual = {.pixels = c.residual_border < 0 ? nullptr : residual.data(),
                                   .border = with_border},
                      .border = c.border,
                      .count = 2,
                      .channels = c.channels,
                      .result = result.data()},
            result);
  for (int i = 0; i < 2 * rows * columns * c.channels; ++i) {
    const int pixel = i / c.channels;
    const int y = pixel / columns % rows - c.border.before;
    const int x = pixel % columns - c.border.before;
    const double expected =
        exact_value(sample, c, residual, pixel / (rows * columns), y, x, i % c.channels);
    CATCH_REQUIRE(std::abs(to_float(result[at(i)]) - expected) <=
                  1e-5 + 0x1p-11 * std::abs(expected));
  }
}

CATCH_TEST_CASE("some channels of an activation, with one norm for all windows") {
  Sample sample{2, 4, 6, 64, PixelOrder::shuffled};
  sample.activation.first = 16;
  sample.norm.first = 16;
  sample.norm.per_window = false;
  Numbers<Half> result(2 * 24 * 8);
  run_twice(ApplyNorm{.source = sample.activation,
                      .norm = sample.norm,
                      .relu = true,
                      .residual = {},
                      .border = {},
                      .count = 2,
                      .channels = 8,
                      .result = result.data()},
            result);
  for (int i = 0; i < 2 * 24 * 8; ++i) {
    const int pixel = i / 8;
    const double expected = sample.normalised(pixel / 24, pixel / 6 % 4, pixel % 6, i % 8, true);
    CATCH_REQUIRE(std::abs(to_float(result[at(i)]) - expected) <= 1e-5 + 0x1p-11 * expected);
  }
}

CATCH_TEST_CASE("ReLU does not hide a value that is not a number") {
  Sample sample{1, 1, 1, 8, PixelOrder::rows};
  sample.pixels[3] = to_half(std::numeric_limits<float>::quiet_NaN());
  Numbers<Half> result(8);
  run_on_host(ApplyNorm{.source = sample.activation,
                        .norm = sample.norm,
                        .relu = true,
                        .residual = {},
                        .border = {},
                        .count = 1,
                        .channels = 8,
                        .result = result.data()});
  CATCH_CHECK(std::isnan(to_float(result[3])));
  CATCH_CHECK_FALSE(std::isnan(to_float(result[2])));
}
