// SPDX-License-Identifier: Apache-2.0
#include "training/optimisation_step.hpp"

#include "fixture.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace lmc;
using namespace lmc::training;

namespace {

constexpr std::array names{"Mitochondria", "Nucleus", "Tubulin", "Actin"};

/// The reference's steps run without dropout.
StepOptions reference_options(L1Mask mask) {
  StepOptions options;
  options.l1_mask = mask;
  options.dropout = 0;
  return options;
}

void check_losses(const StepLosses& losses, const nlohmann::json& expected) {
  const auto near = [](const nlohmann::json& number) {
    return Approx(number.get<double>()).epsilon(1e-5);
  };
  CATCH_CHECK(losses.total == near(expected["G"]));
  for (std::size_t k = 0; k < organelle_count; ++k) {
    CATCH_CAPTURE(k);
    const auto& record = expected["organelles"][names.at(k)];
    CATCH_REQUIRE(losses.organelles.at(k).has_value() == !record.is_null());
    if (!record.is_null()) {
      const OrganelleLosses& found = *losses.organelles.at(k);
      CATCH_CHECK(100 * found.l1 == near(record["L1"]));
      CATCH_CHECK(found.gan == near(record["G_GAN"]));
      CATCH_CHECK(found.discriminator_fake == near(record["D_fake"]));
      CATCH_CHECK(found.discriminator_real == near(record["D_real"]));
    }
  }
}

at::Tensor tensor_of(const Trainees& trainees, const std::string& name) {
  if (name.starts_with("G.")) {
    return trainees.predictor.state.at(name.substr(2));
  }
  return trainees.discriminators.at(static_cast<std::size_t>(name[1] - '1'))
      .state.at(name.substr(3));
}

/// Norm and first values of every parameter after `step` steps.
void check_parameters(const Trainees& trainees, const nlohmann::json& table, std::size_t step) {
  for (const auto& [name, record] : table.items()) {
    if (record["zero_gradient_bias"].get<bool>()) {
      continue; // moved by rounding noise alone, without influence on the output
    }
    CATCH_CAPTURE(name, step);
    const at::Tensor values = tensor_of(trainees, name).detach().to(at::kDouble).flatten();
    CATCH_CHECK(values.norm().item<double>() ==
                Approx(record["l2"][step].get<double>()).epsilon(1e-5));
    const auto first = record["first8"][step].get<std::vector<double>>();
    for (std::size_t i = 0; i < first.size(); ++i) {
      CATCH_CHECK(values[static_cast<std::int64_t>(i)].item<double>() ==
                  Approx(first[i]).epsilon(1e-5).margin(1e-6));
    }
  }
}

bool has_gradient(const Adam& adam, const std::string& prefix) {
  bool any = false;
  for (std::size_t i = 0; i < adam.names().size(); ++i) {
    any = any || (adam.names()[i].starts_with(prefix) && adam.parameters()[i].grad().defined());
  }
  return any;
}

} // namespace

CATCH_TEST_CASE("three steps move losses and parameters as the published code's, for both masks") {
  const bool upstream = GENERATE(true, false);
  const auto reference = test::reference_json("steps.json");
  const auto& losses = reference[upstream ? "upstream_loss" : "per_pixel_loss"]["float64"];
  const auto& parameters =
      reference[upstream ? "parameters_upstream_loss" : "parameters_per_pixel_loss"];
  Trainees trainees = test::reference_trainees();
  check_parameters(trainees, parameters, 0);
  for (int step = 1; step <= 3; ++step) {
    CATCH_CAPTURE(upstream, step);
    const StepLosses found =
        optimise(trainees, test::reference_batch(step),
                 reference_options(upstream ? L1Mask::upstream_scalar_mask : L1Mask::per_pixel));
    check_losses(found, losses.at(static_cast<std::size_t>(step - 1)));
    check_parameters(trainees, parameters, static_cast<std::size_t>(step));
  }
}

CATCH_TEST_CASE("gradients of step 1 and all parameters after step 3 are the published code's") {
  const auto expected = test::reference_tensors("steps_parameters.safetensors");
  const auto table = test::reference_json("steps.json")["parameters_upstream_loss"];
  Trainees trainees = test::reference_trainees();
  const StepOptions options = reference_options(L1Mask::upstream_scalar_mask);
  const auto compared = [&](const std::string& name) {
    return !table[name]["zero_gradient_bias"].get<bool>();
  };
  (void)optimise(trainees, test::reference_batch(1), options);
  const Adam& adam = trainees.predictor.adam;
  for (std::size_t i = 0; i < adam.names().size(); ++i) {
    const std::string name = "G." + adam.names()[i];
    const at::Tensor* gradient = expected.find("gradient1/" + adam.names()[i]);
    gradient = gradient == nullptr ? expected.find("gradient1/" + name) : gradient;
    CATCH_CAPTURE(name);
    CATCH_REQUIRE(gradient != nullptr);
    if (compared(name)) {
      const double difference = (adam.parameters()[i].grad() - *gradient).norm().item<double>();
      CATCH_CHECK(difference <= 1e-5 * gradient->norm().item<double>());
    }
  }
  (void)optimise(trainees, test::reference_batch(2), options);
  (void)optimise(trainees, test::reference_batch(3), options);
  for (const auto& [name, tensor] : expected) {
    if (name.starts_with("after3/") && compared(name.substr(7))) {
      CATCH_CAPTURE(name);
      const at::Tensor found = tensor_of(trainees, name.substr(7)).detach();
      CATCH_CHECK((found - tensor).norm().item<double>() <= 1e-5 * tensor.norm().item<double>());
    }
  }
}

CATCH_TEST_CASE("nothing reaches the decoder and discriminator of an unlabelled organelle") {
  Trainees trainees = test::reference_trainees();
  const StepOptions options; // with dropout, as in a real run
  Batch batch = test::reference_batch(1);
  (void)optimise(trainees, batch, options); // every organelle now has moments
  const auto before = trainees.predictor.state.at("decoder4.decoder.7.weight").detach().clone();
  const auto moments = trainees.predictor.adam.moments();
  const auto mean_before = moments.at("decoder4.decoder.7.weight.mean").clone();
  batch.labelled[channel_of(Organelle::actin)].clear();
  const StepLosses losses = optimise(trainees, batch, options);
  CATCH_CHECK_FALSE(losses.organelles[channel_of(Organelle::actin)].has_value());
  CATCH_CHECK_FALSE(has_gradient(trainees.predictor.adam, "decoder4."));
  CATCH_CHECK(has_gradient(trainees.predictor.adam, "decoder1."));
  CATCH_CHECK(has_gradient(trainees.predictor.adam, "encoder."));
  CATCH_CHECK(trainees.predictor.state.at("decoder4.decoder.7.weight").equal(before));
  const auto after = trainees.predictor.adam.moments();
  CATCH_CHECK(after.at("decoder4.decoder.7.weight.mean").equal(mean_before));
  CATCH_CHECK(after.at("decoder4.decoder.7.weight.step").item<std::int64_t>() == 1);
  CATCH_CHECK(after.at("decoder1.decoder.7.weight.step").item<std::int64_t>() == 2);
  CATCH_CHECK(
      trainees.discriminators[3].adam.moments().at("model.0.weight.step").item<std::int64_t>() ==
      1);
}

CATCH_TEST_CASE("a sample without a label of an organelle does not change its loss") {
  // Actin is labelled in samples 0 and 2 only: another image in place of sample 1 must not matter.
  Batch batch = test::reference_batch(1);
  const auto& actin = batch.labelled[channel_of(Organelle::actin)];
  CATCH_REQUIRE(std::find(actin.begin(), actin.end(), 1) == actin.end());
  Trainees first = test::reference_trainees();
  const StepLosses a = optimise(first, batch, reference_options(L1Mask::per_pixel));
  batch.light = batch.light.clone();
  batch.light[1].zero_();
  Trainees second = test::reference_trainees();
  const StepLosses b = optimise(second, batch, reference_options(L1Mask::per_pixel));
  CATCH_CHECK(a.organelles[3]->l1 == Approx(b.organelles[3]->l1).epsilon(1e-6));
  CATCH_CHECK(a.organelles[1]->l1 != Approx(b.organelles[1]->l1).epsilon(1e-6));
}

CATCH_TEST_CASE("a batch without any label changes nothing") {
  Trainees trainees = test::reference_trainees();
  Batch batch = test::reference_batch(1);
  for (auto& samples : batch.labelled) {
    samples.clear();
  }
  const auto before = trainees.predictor.state.at("encoder.1.weight").detach().clone();
  CATCH_CHECK(optimise(trainees, batch, {}).total == 0);
  CATCH_CHECK(trainees.predictor.state.at("encoder.1.weight").equal(before));
  CATCH_CHECK(trainees.predictor.adam.moments().empty());
}
