// SPDX-License-Identifier: Apache-2.0
// The whole CUDA engine's way through a generator, with the kernels and convolutions on the host.
#include "engine/cuda/half_generator.hpp"

#include "tests/engine/cuda_host.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/full.h>
#include <ATen/ops/pixel_shuffle.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

at::Tensor run_on_cpu(const model::GeneratorArchitecture& architecture,
                      const model::StateDict& state, const at::Tensor& windows,
                      Modality modality = Modality::unknown) {
  HalfGenerator generator{engine::describe_layers(architecture, state),
                          c10::Device{c10::DeviceType::CPU}};
  generator.steer(modality);
  HostBackend backend;
  return generator.run(windows, backend);
}

// Half precision rounds every activation by 2^-12 on average of its size; over the layers of a
// small generator that is some 1e-3.
constexpr Allowed allowed{.rms = 2e-3, .largest = 1.5e-2};

} // namespace

CATCH_TEST_CASE("the CUDA engine agrees with float64 for every generator") {
  const auto architecture = GENERATE(
      model::GeneratorArchitecture{.filters = 8, .blocks = 1},
      model::GeneratorArchitecture{.filters = 16, .blocks = 3},
      model::GeneratorArchitecture{.filters = 24, .blocks = 2, .dropout_layer = false},
      model::GeneratorArchitecture{.filters = 16, .blocks = 2, .norm = model::Norm::batch});
  CATCH_INFO(model::describe(architecture));
  const model::StateDict state = lmc::test::formula_weights(architecture);
  const at::Tensor windows = normal_tensor({2, 1, 16, 28}, 1, 0.4F);
  check_close(run_on_cpu(architecture, state, windows),
              exact_prediction(architecture, state, windows), allowed);
}

CATCH_TEST_CASE("a dynamic generator follows the modality on CUDA") {
  const model::GeneratorArchitecture architecture{.filters = 8, .blocks = 2, .dynamic = true};
  const model::StateDict state = lmc::test::formula_weights(architecture);
  const at::Tensor windows = normal_tensor({1, 1, 20, 28}, 1, 0.4F);
  for (const Modality modality : {Modality::bright_field, Modality::dic, Modality::unknown}) {
    check_close(run_on_cpu(architecture, state, windows, modality),
                exact_prediction(architecture, state, windows, modality), allowed);
  }
}

CATCH_TEST_CASE("a dark window keeps its contrast in half precision") {
  // Grey values about 300 of 65535, deviation 13: below the steps of half precision near -1.
  const model::GeneratorArchitecture architecture{.filters = 8, .blocks = 1};
  const model::StateDict state = lmc::test::formula_weights(architecture);
  const at::Tensor windows = normal_tensor({1, 1, 32, 32}, 1, 0.4F).mul(1e-3).sub(0.99);
  check_close(run_on_cpu(architecture, state, windows),
              exact_prediction(architecture, state, windows), allowed);
}

CATCH_TEST_CASE("a constant window has no signal on CUDA either") {
  const model::GeneratorArchitecture architecture{.filters = 8, .blocks = 1};
  const model::StateDict state = lmc::test::formula_weights(architecture);
  const at::Tensor result = run_on_cpu(architecture, state, at::full({1, 1, 16, 16}, 0.7F));
  const at::Tensor bias = state.at("decoder1.decoder.7.bias").tanh();
  CATCH_CHECK(result.select(1, 0).sub(bias).abs().max().item<float>() < 1e-6F);
}

CATCH_TEST_CASE("a window that half precision cannot represent becomes NaN, its neighbour not") {
  const model::GeneratorArchitecture architecture{
      .filters = 8, .blocks = 1, .norm = model::Norm::batch};
  const model::StateDict state = lmc::test::formula_weights(architecture);
  at::Tensor windows = normal_tensor({2, 1, 16, 16}, 1, 0.4F);
  windows[1].mul_(1e7);
  const at::Tensor result = run_on_cpu(architecture, state, windows);
  CATCH_CHECK(result[0].isfinite().all().item<bool>());
  CATCH_CHECK(result[1].isnan().any().item<bool>());
}

CATCH_TEST_CASE("a transposed convolution equals the 2x2 convolution with shuffled pixels") {
  const at::Tensor input = normal_tensor({1, 5, 6, 9}, 1, 1).to(at::kDouble);
  const at::Tensor weight = normal_tensor({5, 3, 3, 3}, 2, 1).to(at::kDouble);
  const at::Tensor expected = at::conv_transpose2d(input, weight, {}, 2, 1, 1);
  const at::Tensor children =
      at::conv2d(at::constant_pad_nd(input, {0, 1, 0, 1}), shuffled_weight(weight));
  // [4, 3] to the [3, 4] that pixel_shuffle wants.
  const at::Tensor shuffled =
      at::pixel_shuffle(children.view({1, 4, 3, 6, 9}).transpose(1, 2).reshape({1, 12, 6, 9}), 2);
  CATCH_CHECK(shuffled.sub(expected).abs().max().item<double>() < 1e-12);
}
