// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/winograd/winograd_conv.hpp"

#include "tests/engine/exact_convolution.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

namespace {

constexpr std::array kinds{ConvKind::same, ConvKind::stride_two, ConvKind::transposed};

/// A random source of some size and the norm that it is read with.
struct RandomSource {
  RandomSource(Size size, Index channels, Index stride)
      : pixels{normal_buffer(size.pixels() * stride, 1)}, mean{normal_buffer(stride, 2)},
        factor{normal_buffer(stride, 3)}, shift{normal_buffer(stride, 4)},
        residual{normal_buffer(size.pixels() * channels, 5)}, stored{size.pixels() * channels},
        source{.pixels = pixels.data(),
               .stride = stride,
               .mean = mean.data(),
               .factor = factor.data(),
               .shift = shift.data()} {}

  Buffer pixels;
  Buffer mean;
  Buffer factor;
  Buffer shift;
  Buffer residual;
  Buffer stored;
  Source source;
};

/// A random convolution, its result and what it should be.
struct Case {
  Case(const ConvSizes& conv_sizes, Size input_size, const Source& source)
      : sizes{conv_sizes}, plan{sizes, input_size},
        weights{normal_numbers(sizes.outputs * sizes.inputs * 9, 6,
                               1 / std::sqrt(9.0F * static_cast<float>(sizes.inputs)))},
        result{plan.output.pixels() * sizes.outputs} {
    SerialTeam team;
    const WinogradConv conv{sizes, weights, team};
    conv.run(input_size, source, result.data(), workspace, team);
    exact = exact_convolution(sizes.kind, source, input_size, sizes.inputs, sizes.outputs, weights);
  }

  [[nodiscard]] double largest_error() const {
    double largest = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      largest = std::max(largest, std::abs(result.data()[i] - exact[i]));
    }
    return largest;
  }

  ConvSizes sizes;
  WinogradPlan plan;
  std::vector<float> weights;
  Buffer result;
  Workspace workspace;
  std::vector<double> exact;
};

// Values are about 1, sums of up to 576 terms; the products lose about four bits.
constexpr double tolerance = 3e-5;

} // namespace

CATCH_TEST_CASE("every kind of convolution agrees with its definition on any size") {
  // Whole tiles, overhanging ones, a single one, more than one block, the smallest.
  const auto size =
      GENERATE(Size{16, 16}, Size{5, 9}, Size{3, 2}, Size{32, 24}, Size{17, 50}, Size{2, 2});
  for (const ConvKind kind : kinds) {
    CATCH_INFO("kind " << static_cast<int>(kind) << ", " << size.height << " x " << size.width);
    const RandomSource random{size, 16, 16};
    const Case c{{kind, 16, 32}, size, random.source};
    CATCH_REQUIRE(c.exact.size() == static_cast<std::size_t>(c.plan.output.pixels() * 32));
    CATCH_CHECK(c.largest_error() < tolerance);
  }
}

CATCH_TEST_CASE("every instruction set and number of channels agrees with the definition") {
  // The last one has kernels too many for narrow chunks, and two wide ones.
  const auto channels = GENERATE(Size{16, 16}, Size{48, 80}, Size{64, 144}, Size{80, 288});
  const Size size{10, 13};
  for_each_instruction_set([&] {
    for (const ConvKind kind : kinds) {
      CATCH_INFO(channels.height << " to " << channels.width << ", kind "
                                 << static_cast<int>(kind));
      const RandomSource random{size, channels.height, channels.height};
      const Case c{{kind, channels.height, channels.width}, size, random.source};
      CATCH_CHECK(c.largest_error() < tolerance);
    }
  });
}

CATCH_TEST_CASE("norm, ReLU and residual are applied on load, and the values stored once") {
  const Size size{9, 14};
  RandomSource random{size, 32, 32};
  const bool relu = GENERATE(true, false);
  random.source.relu = relu;
  random.source.residual = relu ? nullptr : random.residual.data();
  random.source.store = random.stored.data();
  const Case c{{ConvKind::same, 32, 16}, size, random.source};
  CATCH_CHECK(c.largest_error() < tolerance);
  for (Index i = 0; i < size.pixels() * 32; ++i) {
    const double value = value_of(random.source, 32, i / 32, i % 32);
    CATCH_REQUIRE(std::abs(random.stored.data()[i] - value) < 1e-5);
  }
}

CATCH_TEST_CASE("a slice of the channels can be read") {
  const Size size{8, 8};
  RandomSource random{size, 16, 48};
  Source slice = random.source;
  slice.pixels += 32;
  slice.mean += 32;
  slice.factor += 32;
  slice.shift += 32;
  const Case c{{ConvKind::transposed, 16, 16}, size, slice};
  CATCH_CHECK(c.largest_error() < tolerance);
}

CATCH_TEST_CASE("the sums of the blocks give mean and deviation of each channel") {
  const Size size{60, 60}; // more than one block
  const RandomSource random{size, 16, 16};
  for (const ConvKind kind : kinds) {
    const Case c{{kind, 16, 16}, size, random.source};
    CATCH_REQUIRE(c.plan.blocks > 1);
    ChannelNorm norm{16};
    c.workspace.sums.finish(norm, {});
    for (std::size_t channel = 0; channel < 16; ++channel) {
      double sum = 0;
      double squares = 0;
      for (std::size_t i = channel; i < c.exact.size(); i += 16) {
        sum += c.exact[i];
        squares += c.exact[i] * c.exact[i];
      }
      const auto pixels = static_cast<double>(c.plan.output.pixels());
      const double mean = sum / pixels;
      const double deviation = std::sqrt(squares / pixels - mean * mean + 1e-5);
      CATCH_CHECK(norm.mean.data()[channel] == Approx(mean).margin(1e-5));
      CATCH_CHECK(norm.factor.data()[channel] == Approx(1 / deviation).epsilon(1e-5));
    }
  }
}

CATCH_TEST_CASE("weights of another size are refused") {
  SerialTeam team;
  const std::vector<float> weights(16 * 16 * 9 - 1);
  CATCH_CHECK_THROWS_AS((WinogradConv{{ConvKind::same, 16, 16}, weights, team}),
                        std::invalid_argument);
}
