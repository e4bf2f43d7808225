// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>
#include <hwy/targets.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace lmc::engine::cpu::test {

namespace {

constexpr std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

/// Taps and samples of one axis that make output `o`: pairs (tap, sample), sample -1 for zero.
std::vector<std::pair<Index, Index>> terms(ConvKind kind, Index o, Index n) {
  std::vector<std::pair<Index, Index>> pairs;
  for (Index tap = 0; tap < 3; ++tap) {
    if (kind == ConvKind::same) {
      pairs.emplace_back(tap, reflected(o + tap - 1, n));
    } else if (kind == ConvKind::stride_two) {
      const Index i = 2 * o + tap - 1;
      pairs.emplace_back(tap, i < 0 || i >= n ? -1 : i);
    } else if ((o + 1 - tap) % 2 == 0) { // transposed: o = 2 i - 1 + tap
      const Index i = (o + 1 - tap) / 2;
      pairs.emplace_back(tap, i < 0 || i >= n ? -1 : i);
    }
  }
  return pairs;
}

Size output_size(ConvKind kind, Size size) {
  switch (kind) {
  case ConvKind::same:
    return size;
  case ConvKind::stride_two:
    return {divide_up(size.height, 2), divide_up(size.width, 2)};
  case ConvKind::transposed:
    break;
  }
  return {2 * size.height, 2 * size.width};
}

} // namespace

std::vector<float> normal_numbers(Index count, unsigned seed, float deviation) {
  std::mt19937 generator{seed};
  std::normal_distribution<float> normal{0, deviation};
  std::vector<float> numbers(at(count));
  std::generate(numbers.begin(), numbers.end(), [&] { return normal(generator); });
  return numbers;
}

Buffer normal_buffer(Index count, unsigned seed) {
  Buffer buffer{count};
  const std::vector<float> numbers = normal_numbers(count, seed);
  std::copy(numbers.begin(), numbers.end(), buffer.data());
  return buffer;
}

double value_of(const Source& source, Index channels, Index pixel, Index channel) {
  const double x = source.pixels[pixel * source.stride + channel];
  double y = (x - source.mean[channel]) * source.factor[channel] + source.shift[channel];
  y = source.relu ? std::max(y, 0.0) : y;
  return source.residual == nullptr ? y : y + source.residual[pixel * channels + channel];
}

std::vector<double> exact_convolution(ConvKind kind, const Source& source, Size size, Index inputs,
                                      Index outputs, const std::vector<float>& weights) {
  std::vector<double> values(at(size.pixels() * inputs));
  for (Index i = 0; i < std::ssize(values); ++i) {
    values[at(i)] = value_of(source, inputs, i / inputs, i % inputs);
  }
  const Size out = output_size(kind, size);
  std::vector<double> result(at(out.pixels() * outputs));
  for (Index pixel = 0; pixel < out.pixels(); ++pixel) {
    for (const auto& [tap_y, y] : terms(kind, pixel / out.width, size.height)) {
      for (const auto& [tap_x, x] : terms(kind, pixel % out.width, size.width)) {
        for (Index i = 0; y >= 0 && x >= 0 && i < inputs; ++i) {
          const double value = values[at((y * size.width + x) * inputs + i)];
          for (Index o = 0; o < outputs; ++o) {
            result[at(pixel * outputs + o)] +=
                value * weights[at((o * inputs + i) * 9 + tap_y * 3 + tap_x)];
          }
        }
      }
    }
  }
  return result;
}

void for_each_instruction_set(const std::function<void()>& body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    CATCH_INFO(hwy::TargetName(target));
    CATCH_REQUIRE(std::string{instruction_set()} == hwy::TargetName(target));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

} // namespace lmc::engine::cpu::test
