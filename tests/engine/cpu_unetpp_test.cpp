// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu_network.hpp"

#include "model/networks.hpp"
#include "tests/engine/exact_convolution.hpp"
#include "tests/engine/networks.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::engine::test;
using lmc::engine::CpuNetwork;
using lmc::engine::cpu::test::for_each_instruction_set;

namespace {

// The demo's.
constexpr model::UnetPlusPlusArchitecture small{.layers = {1, 1, 1, 1},
                                                .groups = 8,
                                                .width_per_group = 16,
                                                .stem_channels = 8,
                                                .decoder_channels = {64, 32, 16, 16, 8}};

/// Largest difference to the network in float64.
float exact_error(const model::Weights& weights, const at::Tensor& input) {
  model::StateDict state;
  for (const auto& [name, tensor] : weights.state) {
    state.add(name, tensor.is_floating_point() ? tensor.to(at::kDouble) : tensor);
  }
  const at::Tensor exact = model::forward(weights.architecture, state, input.to(at::kDouble));
  return max_difference(exact, CpuNetwork{weights}.predict(input, Modality::bright_field));
}

} // namespace

CATCH_TEST_CASE("the engine agrees with a UNet++ in float64 on any window size") {
  const auto [height, width] =
      GENERATE(table<std::int64_t, std::int64_t>({{32, 32}, {64, 160}, {96, 32}, {160, 128}}));
  CATCH_CHECK(exact_error(weights_of(small), windows(1, height, width)) < tolerance);
}

CATCH_TEST_CASE("the engine agrees with the plain module for every UNet++") {
  const auto architecture = GENERATE(
      model::UnetPlusPlusArchitecture{
          .layers = {2, 1, 3, 2}, .groups = 3, .width_per_group = 24, .stem_channels = 16},
      model::UnetPlusPlusArchitecture{.layers = {1, 2, 1, 1},
                                      .groups = 1,
                                      .width_per_group = 64,
                                      .stem_channels = 12,
                                      .decoder_channels = {40, 7, 20, 16, 33}},
      model::UnetPlusPlusArchitecture{
          .layers = {1, 1, 1, 1}, .groups = 4, .width_per_group = 48, .stem_channels = 32});
  CATCH_INFO(model::describe(architecture));
  CATCH_CHECK(engine_error(weights_of(architecture), windows(2, 64, 96)) < tolerance);
}

CATCH_TEST_CASE("the engine agrees with the plain module at the depth of a resnext101") {
  const model::UnetPlusPlusArchitecture architecture{
      .layers = {3, 4, 23, 3}, .groups = 32, .width_per_group = 8, .stem_channels = 32};
  CATCH_CHECK(engine_error(weights_of(architecture), windows(1, 128, 96)) < tolerance);
}

CATCH_TEST_CASE("a dynamic UNet++ follows the modality") {
  model::UnetPlusPlusArchitecture architecture = small;
  architecture.dynamic = true;
  const model::Weights weights = weights_of(architecture);
  const at::Tensor input = windows(1, 64, 64);
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic, Modality::unknown}) {
    CATCH_CHECK(engine_error(weights, input, modality) < tolerance);
  }
  const CpuNetwork fast{weights};
  CATCH_CHECK(max_difference(fast.predict(input, Modality::dic),
                             fast.predict(input, Modality::bright_field)) > 1e-3F);
}

CATCH_TEST_CASE("every instruction set agrees with the plain UNet++") {
  const model::Weights weights = weights_of(small);
  const at::Tensor input = windows(1, 64, 32);
  for_each_instruction_set([&] { CATCH_CHECK(engine_error(weights, input) < tolerance); });
}

CATCH_TEST_CASE("a black window agrees with the plain UNet++") {
  CATCH_CHECK(engine_error(weights_of(small), at::zeros({1, 1, 64, 64}).sub(1)) < tolerance);
}

CATCH_TEST_CASE("runs, threads, batches and earlier sizes change no bit of a UNet++") {
  check_same_bits(weights_of(small), windows(3, 96, 64), windows(1, 128, 128));
}

CATCH_TEST_CASE("windows that do not suit a UNet++ are refused") {
  const CpuNetwork fast{weights_of(small)};
  CATCH_CHECK_THROWS_AS(fast.predict(windows(1, 48, 64), Modality::dic), std::invalid_argument);
}

CATCH_TEST_CASE("the memory estimate of a UNet++ counts one window's buffers and all outputs") {
  const CpuNetwork fast{weights_of(small)};
  const std::uint64_t one = fast.memory_estimate(1, 256, 256);
  CATCH_CHECK(fast.memory_estimate(4, 256, 256) - one == 3ULL * 256 * 256 * 5 * 4);
  CATCH_CHECK(fast.memory_estimate(1, 512, 512) > 2 * one);
}
