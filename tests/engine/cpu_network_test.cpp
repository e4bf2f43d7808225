// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu_network.hpp"

#include "engine/cpu/winograd/winograd_block.hpp"
#include "model/networks.hpp"
#include "model/torch_network.hpp"
#include "tests/engine/exact_convolution.hpp"
#include "tests/engine/networks.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/full.h>
#include <catch2/catch.hpp>

#include <string>

using namespace lmc;
using lmc::engine::CpuNetwork;
using lmc::engine::cpu::test::for_each_instruction_set;
using namespace lmc::engine::test;

namespace {

constexpr model::GeneratorArchitecture small{.filters = 8, .blocks = 3};

} // namespace

CATCH_TEST_CASE("the engine agrees with the plain module on any window size") {
  const auto [height, width] = GENERATE(
      table<std::int64_t, std::int64_t>({{8, 8}, {64, 64}, {12, 20}, {100, 36}, {8, 132}}));
  CATCH_CHECK(engine_error(weights_of(small), windows(1, height, width)) < tolerance);
}

CATCH_TEST_CASE("the engine agrees with the plain module for every generator") {
  const auto architecture =
      GENERATE(model::GeneratorArchitecture{.filters = 4, .blocks = 1},
               model::GeneratorArchitecture{.filters = 12, .blocks = 2, .dropout_layer = false},
               model::GeneratorArchitecture{.filters = 24, .blocks = 2, .norm = model::Norm::batch},
               model::GeneratorArchitecture{.filters = 16, .blocks = 4});
  CATCH_INFO(model::describe(architecture));
  CATCH_CHECK(engine_error(weights_of(architecture), windows(2, 32, 48)) < tolerance);
}

CATCH_TEST_CASE("a dynamic generator follows the modality") {
  const model::Weights weights =
      weights_of(model::GeneratorArchitecture{.filters = 8, .blocks = 2, .dynamic = true});
  const at::Tensor input = windows(1, 32, 32);
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic, Modality::unknown}) {
    CATCH_CHECK(engine_error(weights, input, modality) < tolerance);
  }
  const CpuNetwork fast{weights};
  CATCH_CHECK(max_difference(fast.predict(input, Modality::dic),
                             fast.predict(input, Modality::bright_field)) > 1e-3F);
}

CATCH_TEST_CASE("the engine agrees with the plain module at the paper's size") {
  CATCH_CHECK(engine_error(weights_of(model::GeneratorArchitecture{.filters = 64, .blocks = 9}),
                           windows(1, 256, 256)) < tolerance);
}

CATCH_TEST_CASE("every instruction set agrees with the plain module") {
  const model::Weights weights = weights_of(small);
  const at::Tensor input = windows(1, 28, 44);
  for_each_instruction_set([&] { CATCH_CHECK(engine_error(weights, input) < tolerance); });
}

CATCH_TEST_CASE("black and white windows agree with the plain module") {
  CATCH_CHECK(engine_error(weights_of(small), windows(1, 32, 32).sign()) < tolerance);
}

CATCH_TEST_CASE("the engine is closer to float64 than the plain module on dark windows") {
  // Grey values about 300 of 65535, deviation 13: the plain stem rounds against its mean.
  const model::Weights weights = weights_of(small);
  const at::Tensor input = windows(1, 32, 32).mul(1e-3).sub(0.99);
  model::StateDict exact_state;
  for (const auto& [name, tensor] : weights.state) {
    exact_state.add(name, tensor.to(at::kDouble));
  }
  const at::Tensor exact = model::forward(weights.architecture, exact_state, input.to(at::kDouble));
  const CpuNetwork fast{weights};
  const float error = max_difference(exact, fast.predict(input, Modality::bright_field));
  const model::TorchNetwork plain{weights, c10::Device{c10::DeviceType::CPU}};
  CATCH_CHECK(error < max_difference(exact, plain.predict(input, Modality::bright_field)));
  CATCH_CHECK(error < 5 * tolerance);
}

CATCH_TEST_CASE("a constant window has no signal, and none is made of rounding errors") {
  // The plain module's norms amplify its rounding errors 316 times each.
  const model::Weights weights = weights_of(small);
  const at::Tensor grey = at::full({1, 1, 32, 32}, 0.7F);
  const at::Tensor result = CpuNetwork{weights}.predict(grey, Modality::bright_field);
  for (std::int64_t organelle = 0; organelle < 4; ++organelle) {
    const at::Tensor bias =
        weights.state.at("decoder" + std::to_string(organelle + 1) + ".decoder.7.bias");
    CATCH_CHECK(max_difference(result.select(1, organelle), bias.tanh()) < 1e-6F);
  }
}

CATCH_TEST_CASE("runs, numbers of threads, batches and earlier sizes change no bit") {
  check_same_bits(weights_of(small), windows(3, 100, 68), windows(1, 16, 16));
}

CATCH_TEST_CASE("unsuitable windows are refused") {
  const CpuNetwork fast{weights_of(small)};
  CATCH_CHECK_THROWS_AS(fast.predict(windows(1, 30, 32), Modality::dic), std::invalid_argument);
  CATCH_CHECK_THROWS_AS(fast.predict(windows(1, 4, 8), Modality::dic), std::invalid_argument);
}

CATCH_TEST_CASE("the memory estimate counts the buffers of one window and the outputs of all") {
  const CpuNetwork fast{weights_of(small)};
  const std::uint64_t one = fast.memory_estimate(1, 256, 256);
  CATCH_CHECK(fast.memory_estimate(4, 256, 256) - one == 3ULL * 256 * 256 * 5 * 4);
  CATCH_CHECK(fast.memory_estimate(1, 512, 512) > 3 * one);
}
