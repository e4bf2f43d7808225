// SPDX-License-Identifier: Apache-2.0
// The convolutions of a UNet++ against LibTorch in float64: zero borders, groups, doubled and
// concatenated inputs, bias and ReLU. Those of a generator are in winograd_conv_test.cpp.
#include "engine/cpu/winograd/winograd_conv.hpp"

#include "tests/engine/exact_convolution.hpp"
#include "tests/engine/torch_reference.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc::engine::cpu;
using lmc::engine::Activation;
using namespace lmc::engine::cpu::test;

namespace {

// Values are about 1; the products lose about four bits.
constexpr double tolerance = 3e-5;

std::vector<float> weights_for(const ConvSizes& sizes) {
  const Index inputs = sizes.group_inputs();
  return normal_numbers(sizes.outputs * inputs * 9, 6,
                        1 / std::sqrt(9.0F * static_cast<float>(inputs)));
}

struct Image {
  Image(Size image_size, Index image_channels, unsigned seed)
      : size{image_size}, channels{image_channels}, pixels{normal_buffer(size.pixels() * channels,
                                                                         seed)} {}

  [[nodiscard]] Source source(bool doubled = false) const {
    return {.pixels = pixels.data(), .stride = channels, .channels = channels, .doubled = doubled};
  }
  [[nodiscard]] at::Tensor planes() const { return planes_of(pixels, size, channels); }

  Size size;
  Index channels;
  Buffer pixels;
};

/// Largest error of a convolution with bias.
double error_of(const ConvSizes& sizes, Size size, std::span<const Source> sources,
                const at::Tensor& exact_input, Activation activation) {
  const std::vector<float> weights = weights_for(sizes);
  const std::vector<float> bias = normal_numbers(sizes.outputs, 7);
  SerialTeam team;
  const WinogradConv conv{sizes, weights, bias, team};
  const WinogradPlan plan{sizes, size};
  Buffer result{plan.output.pixels() * sizes.outputs};
  Workspace workspace;
  conv.run(size, sources, activation, result.data(), workspace, team);
  const at::Tensor exact =
      at::conv2d(exact_input, tensor_of(weights, {sizes.outputs, sizes.group_inputs(), 3, 3}),
                 tensor_of(bias, {sizes.outputs}), sizes.kind == ConvKind::stride_two ? 2 : 1, 1, 1,
                 sizes.groups);
  return largest_difference(activation == Activation::relu ? exact.relu() : exact, result);
}

} // namespace

CATCH_TEST_CASE("zero borders, bias and ReLU agree with the definition on any size") {
  const auto size = GENERATE(Size{1, 1}, Size{2, 3}, Size{16, 16}, Size{5, 9}, Size{17, 50});
  const auto activation = GENERATE(Activation::none, Activation::relu);
  const Image image{size, 32, 1};
  const Source source = image.source();
  const ConvSizes sizes{.inputs = 32, .outputs = 48, .border = Border::zero};
  CATCH_CHECK(error_of(sizes, size, {&source, 1}, image.planes(), activation) < tolerance);
}

CATCH_TEST_CASE("grouped convolutions agree with the definition") {
  const auto kind = GENERATE(ConvKind::same, ConvKind::stride_two);
  // Channels of a group and groups: several to a vector's panel, to a chunk, a chunk and more.
  const auto shape = GENERATE(Size{16, 8}, Size{32, 3}, Size{48, 2}, Size{64, 2}, Size{128, 2},
                              Size{80, 3}, Size{16, 40});
  const Size size = GENERATE(Size{10, 14}, Size{2, 4});
  const Index channels = shape.height * shape.width;
  CATCH_INFO(shape.width << " groups of " << shape.height);
  const Image image{size, channels, 1};
  const Source source = image.source();
  const ConvSizes sizes{.kind = kind,
                        .inputs = channels,
                        .outputs = channels,
                        .groups = shape.width,
                        .border = Border::zero};
  CATCH_CHECK(error_of(sizes, size, {&source, 1}, image.planes(), Activation::relu) < tolerance);
}

CATCH_TEST_CASE("doubled and concatenated inputs agree with the definition") {
  const Size half = GENERATE(Size{1, 1}, Size{3, 5}, Size{8, 8}, Size{9, 20});
  const Size size{2 * half.height, 2 * half.width};
  // The second set of channels needs more than one slice, and slices that begin within an image.
  const Index coarse_channels = GENERATE(16, 240);
  const Image coarse{half, coarse_channels, 1};
  const Image first{size, 32, 2};
  const Image second{size, 80, 3};
  const std::array sources{coarse.source(true), first.source(), second.source()};
  const at::Tensor planes =
      at::cat({at::upsample_nearest2d(coarse.planes(), {size.height, size.width}), first.planes(),
               second.planes()},
              1);
  const ConvSizes sizes{.inputs = coarse_channels + 112, .outputs = 144, .border = Border::zero};
  for_each_instruction_set(
      [&] { CATCH_CHECK(error_of(sizes, size, sources, planes, Activation::none) < tolerance); });
}

CATCH_TEST_CASE("every instruction set agrees with the definition of a grouped convolution") {
  const Size size{9, 11};
  const Image image{size, 96, 1};
  const Source source = image.source();
  const ConvSizes sizes{.inputs = 96, .outputs = 96, .groups = 6, .border = Border::zero};
  for_each_instruction_set([&] {
    CATCH_CHECK(error_of(sizes, size, {&source, 1}, image.planes(), Activation::relu) < tolerance);
  });
}

CATCH_TEST_CASE("groups that do not fill vectors are refused") {
  SerialTeam team;
  const std::vector<float> weights(48 * 24 * 9);
  CATCH_CHECK_THROWS_AS((WinogradConv{{.inputs = 48, .outputs = 48, .groups = 2}, weights, team}),
                        std::invalid_argument);
}
