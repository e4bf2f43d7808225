// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/unet_layers.hpp"

#include "engine/cpu/layers/stem.hpp"
#include "tests/engine/exact_convolution.hpp"
#include "tests/engine/torch_reference.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/max_pool2d.h>
#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc::engine::cpu;
using namespace lmc::engine::cpu::test;

CATCH_TEST_CASE("the strided stem agrees with its definition") {
  const auto size = GENERATE(Size{2, 2}, Size{10, 36}, Size{32, 64});
  const Index outputs = GENERATE(16, 48);
  const Buffer window = normal_buffer(size.pixels(), 1);
  const std::vector<float> weights = normal_numbers(outputs * taps, 2, 1.0F / 7);
  const std::vector<float> factor = normal_numbers(outputs, 3);
  const std::vector<float> shift = normal_numbers(outputs, 4);
  const at::Tensor exact =
      at::conv2d(planes_of(window, size, 1), tensor_of(weights, {outputs, 1, 7, 7}), {}, 2, 3)
          .mul(tensor_of(factor, {outputs, 1, 1}))
          .add(tensor_of(shift, {outputs, 1, 1}))
          .relu();
  for_each_instruction_set([&] {
    SerialTeam team;
    const Stem stem{outputs, weights};
    Buffer result{size.pixels() / 4 * outputs};
    Buffer padded;
    stem.run_strided(window.data(), size, {.mean = {}, .factor = factor, .shift = shift},
                     result.data(), padded, team);
    CATCH_CHECK(largest_difference(exact, result) < 1e-5);
  });
}

CATCH_TEST_CASE("the max pool agrees with its definition") {
  const auto size = GENERATE(Size{2, 2}, Size{4, 18}, Size{16, 8});
  Buffer input = normal_buffer(size.pixels() * 32, 1);
  for (Index i = 0; i < input.size(); ++i) {
    input.data()[i] = std::abs(input.data()[i]);
  }
  const at::Tensor exact = at::max_pool2d(planes_of(input, size, 32), 3, 2, 1);
  for_each_instruction_set([&] {
    SerialTeam team;
    Buffer result{size.pixels() / 4 * 32};
    max_pool(input.data(), size, 32, result.data(), team);
    CATCH_CHECK(largest_difference(exact, result) == 0);
  });
}

CATCH_TEST_CASE("the planes are the tanh of the first channels") {
  const Size size = GENERATE(Size{1, 3}, Size{70, 61}); // less than a vector, more than a block
  const Buffer input = normal_buffer(size.pixels() * 16, 1);
  const at::Tensor exact = planes_of(input, size, 16).narrow(1, 0, 4).tanh();
  for_each_instruction_set([&] {
    SerialTeam team;
    std::vector<float> result(static_cast<std::size_t>(4 * size.pixels()));
    tanh_planes(input.data(), {.pixels = size.pixels(), .channels = 16, .planes = 4}, result.data(),
                team);
    const at::Tensor planes = tensor_of(result, {1, 4, size.height, size.width});
    CATCH_CHECK(exact.sub(planes).abs().max().item<double>() < 1e-6);
  });
}
