// SPDX-License-Identifier: Apache-2.0
#include "training/trainee.hpp"

#include "common/error.hpp"
#include "fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/ops/equal.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::training;
using training::test::cpu;
using training::test::small_configuration;

namespace {

std::string weights_file(const std::filesystem::path& folder, const Configuration& configuration) {
  const Trainees trainees = make_trainees(configuration, cpu);
  model::Weights weights;
  weights.architecture = configuration.network;
  weights.state = copied_to(trainees.predictor.state, cpu);
  weights.normalization = configuration.input_normalization;
  weights.trained = true;
  const auto file = folder / "weights.safetensors";
  model::save_weights(file, weights, Existing::replace);
  return file;
}

bool same_predictor(const Trainees& a, const Trainees& b) {
  for (const auto& [name, tensor] : a.predictor.state) {
    if (!at::equal(tensor, b.predictor.state.at(name))) {
      return false;
    }
  }
  return true;
}

} // namespace

CATCH_TEST_CASE("new weights are a function of the seed") {
  Configuration configuration = small_configuration(4, 1);
  const Trainees first = make_trainees(configuration, cpu);
  CATCH_CHECK(same_predictor(first, make_trainees(configuration, cpu)));
  CATCH_CHECK(first.discriminators.size() == organelle_count);
  configuration.seed = 2;
  configuration.adversarial = false;
  const Trainees other = make_trainees(configuration, cpu);
  CATCH_CHECK_FALSE(same_predictor(first, other));
  CATCH_CHECK(other.discriminators.empty());
}

CATCH_TEST_CASE("fine-tuning starts from the given weights, whatever the seed") {
  const lmc::test::TemporaryFolder folder;
  Configuration configuration = small_configuration(4, 1);
  const Trainees given = make_trainees(configuration, cpu);
  configuration.initial_weights = weights_file(folder.path(), configuration);
  configuration.seed = 99;
  Trainees tuned = make_trainees(configuration, cpu);
  CATCH_CHECK(same_predictor(given, tuned));
  CATCH_CHECK(tuned.predictor.adam.parameters().front().requires_grad());
  CATCH_CHECK(tuned.predictor.adam.moments().empty());
}

CATCH_TEST_CASE("weights of another architecture or normalisation are refused by name") {
  const lmc::test::TemporaryFolder folder;
  Configuration configuration = small_configuration(4, 1);
  configuration.initial_weights = weights_file(folder.path(), configuration);
  Configuration wider = configuration;
  wider.network = model::GeneratorArchitecture{.filters = 8, .blocks = 1};
  CATCH_CHECK_THROWS_WITH(make_trainees(wider, cpu),
                          Catch::Contains("E404") && Catch::Contains("\"network\""));
  Configuration normalised = configuration;
  normalised.input_normalization = model::InputNormalization::z_score;
  CATCH_CHECK_THROWS_WITH(make_trainees(normalised, cpu),
                          Catch::Contains("E404") &&
                              Catch::Contains("\"input_normalization\" to \"none\""));
  configuration.initial_weights = folder.path() / "absent.safetensors";
  CATCH_CHECK_THROWS_WITH(make_trainees(configuration, cpu), Catch::Contains("absent"));
}
