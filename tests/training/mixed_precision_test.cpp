// SPDX-License-Identifier: Apache-2.0
#include "training/mixed_precision.hpp"

#include "common/error.hpp"
#include "fixture.hpp"
#include "training/optimisation_step.hpp"
#include "training/trainee.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <catch2/catch.hpp>

#include <limits>

using namespace lmc;
using namespace lmc::training;

namespace {

Trainees small_networks() {
  return make_trainees(training::test::small_configuration(8, 2), training::test::cpu);
}

Batch float_batch() {
  Batch batch = training::test::reference_batch(1);
  batch.light = batch.light.to(at::kFloat);
  batch.labels = batch.labels.to(at::kFloat);
  batch.masks = batch.masks.to(at::kFloat);
  return batch;
}

StepOptions options_of(Precision precision) {
  StepOptions options;
  options.dropout = 0;
  options.precision = precision;
  return options;
}

} // namespace

CATCH_TEST_CASE("a step in bf16 is that of fp32 but for rounding, with float32 weights") {
  Trainees full = small_networks();
  Trainees mixed = small_networks();
  const StepLosses expected = optimise(full, float_batch(), options_of(Precision::fp32));
  const StepLosses found = optimise(mixed, float_batch(), options_of(Precision::bf16));
  CATCH_CHECK(found.total == Approx(expected.total).epsilon(0.02));
  CATCH_CHECK(found.total != expected.total); // something was computed in bf16
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (expected.organelles[k]) {
      CATCH_CAPTURE(k);
      CATCH_CHECK(found.organelles[k]->l1 == Approx(expected.organelles[k]->l1).epsilon(0.02));
      CATCH_CHECK(found.organelles[k]->gan == Approx(expected.organelles[k]->gan).epsilon(0.1));
    }
  }
  for (const at::Tensor& parameter : mixed.predictor.adam.parameters()) {
    CATCH_REQUIRE(parameter.scalar_type() == at::kFloat);
  }
  // The next step in fp32 is not touched by it.
  Trainees again = small_networks();
  CATCH_CHECK(optimise(again, float_batch(), options_of(Precision::fp32)).total == expected.total);
}

CATCH_TEST_CASE("scaled losses give the same step") {
  Trainees plain = training::test::reference_trainees();
  Trainees scaled = training::test::reference_trainees();
  scaled.scale.active = true;
  for (Trainees* const trainees : {&plain, &scaled}) {
    (void)optimise(*trainees, training::test::reference_batch(1), options_of(Precision::fp32));
  }
  for (const auto& [name, tensor] : plain.predictor.state) {
    CATCH_CAPTURE(name);
    const double difference = (tensor - scaled.predictor.state.at(name)).norm().item<double>();
    CATCH_CHECK(difference <= 1e-9 * tensor.norm().item<double>());
  }
  CATCH_CHECK(scaled.scale.good_steps == 1);
}

CATCH_TEST_CASE("gradients that are not finite change no weight and halve the factor") {
  Trainees trainees = training::test::reference_trainees();
  trainees.scale.active = true;
  const at::Tensor before = trainees.predictor.state.at("encoder.1.weight").detach().clone();
  Batch batch = training::test::reference_batch(1);
  batch.light = batch.light.mul(std::numeric_limits<double>::infinity());
  (void)optimise(trainees, batch, options_of(Precision::fp32));
  CATCH_CHECK(at::equal(before, trainees.predictor.state.at("encoder.1.weight")));
  CATCH_CHECK(trainees.predictor.adam.moments().empty());
  CATCH_CHECK(trainees.scale.factor == 32768);
}

CATCH_TEST_CASE("the factor is taken out of gradients, doubles slowly and has a lower end") {
  LossScale scale{.active = true, .factor = 8};
  at::Tensor gradient = at::tensor({8.0F, 16.0F});
  CATCH_CHECK(scale.unscale({gradient}));
  CATCH_CHECK(at::equal(gradient, at::tensor({1.0F, 2.0F})));
  gradient[0] = std::numeric_limits<float>::infinity();
  CATCH_CHECK_FALSE(scale.unscale({at::ones({2}), gradient}));
  for (int step = 0; step < 2000; ++step) {
    CATCH_REQUIRE(scale.factor == 8);
    scale.update(true);
  }
  CATCH_CHECK(scale.factor == 16);
  CATCH_CHECK_THROWS_WITH(
      [&] {
        for (int step = 0; step < 40; ++step) {
          scale.update(false);
        }
      }(),
      Catch::Contains("E102") && Catch::Contains("bf16"));
}

CATCH_TEST_CASE("fp16 is refused on a CPU") {
  using training::test::cpu;
  CATCH_CHECK_NOTHROW(require_precision(Precision::fp32, cpu));
  CATCH_CHECK_NOTHROW(require_precision(Precision::bf16, cpu));
  CATCH_CHECK_THROWS_WITH(require_precision(Precision::fp16, cpu),
                          Catch::Contains("compute.precision") && Catch::Contains("bf16"));
  CATCH_CHECK_NOTHROW(require_precision(Precision::fp16, c10::Device{c10::DeviceType::CUDA, 0}));
}
