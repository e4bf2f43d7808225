// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/pointwise.hpp"

#include "tests/engine/exact_convolution.hpp"
#include "tests/engine/torch_reference.hpp"

#include <ATen/ops/conv2d.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace lmc::engine::cpu;
using lmc::engine::Activation;
using namespace lmc::engine::cpu::test;

namespace {

struct Case {
  Case(const PointwiseSizes& conv_sizes, Size input_size)
      : sizes{conv_sizes}, size{input_size}, input{normal_buffer(size.pixels() * sizes.inputs, 1)},
        weights{normal_numbers(sizes.outputs * sizes.inputs, 2,
                               1 / std::sqrt(static_cast<float>(sizes.inputs)))},
        bias{normal_numbers(sizes.outputs, 3)}, result{normal_buffer(
                                                    output().pixels() * sizes.outputs, 4)} {}

  [[nodiscard]] Size output() const {
    return {size.height / sizes.stride, size.width / sizes.stride};
  }

  [[nodiscard]] at::Tensor exact() const {
    return at::conv2d(planes_of(input, size, sizes.inputs),
                      tensor_of(weights, {sizes.outputs, sizes.inputs, 1, 1}),
                      tensor_of(bias, {sizes.outputs}), sizes.stride);
  }

  void run(const float* residual, Activation activation) {
    SerialTeam team;
    Workspace workspace;
    const PointwiseConv conv{sizes, weights, bias, team};
    conv.run(size, {.input = input.data(), .residual = residual, .result = result.data()},
             activation, workspace, team);
  }

  PointwiseSizes sizes;
  Size size;
  Buffer input;
  std::vector<float> weights;
  std::vector<float> bias;
  Buffer result;
};

constexpr double tolerance = 1e-5;

} // namespace

CATCH_TEST_CASE("a 1x1 convolution agrees with its definition") {
  const auto size = GENERATE(Size{2, 2}, Size{6, 10}, Size{40, 26});
  const auto sizes = GENERATE(PointwiseSizes{16, 16}, PointwiseSizes{48, 80},
                              PointwiseSizes{64, 272, 2}, PointwiseSizes{528, 144});
  Case c{sizes, size};
  c.run(nullptr, Activation::none);
  CATCH_CHECK(largest_difference(c.exact(), c.result) < tolerance);
}

CATCH_TEST_CASE("a residual is added in place before the activation") {
  for_each_instruction_set([] {
    Case c{{32, 48}, {7, 9}};
    const at::Tensor exact = c.exact().add(planes_of(c.result, c.size, 48)).relu();
    c.run(c.result.data(), Activation::relu);
    CATCH_CHECK(largest_difference(exact, c.result) < tolerance);
  });
}

CATCH_TEST_CASE("weights of another size are refused by a 1x1 convolution") {
  SerialTeam team;
  const std::vector<float> weights(16 * 16);
  const std::vector<float> bias(16);
  CATCH_CHECK_THROWS_AS((PointwiseConv{{16, 32}, weights, bias, team}), std::invalid_argument);
  CATCH_CHECK_THROWS_AS((PointwiseConv{{16, 16}, weights, {}, team}), std::invalid_argument);
}
