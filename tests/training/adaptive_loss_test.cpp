// SPDX-License-Identifier: Apache-2.0
#include "training/adaptive_loss.hpp"

#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::training;

namespace {

constexpr std::array names{"Mitochondria", "Nucleus", "Tubulin", "Actin"};

Batch batch_of(const model::StateDict& tensors, const nlohmann::json& availability) {
  Batch batch{.light = {},
              .labels = tensors.at("gt"),
              .masks = tensors.at("mask"),
              .codes = {},
              .labelled = {}};
  for (std::size_t i = 0; i < availability.size(); ++i) {
    for (std::size_t k = 0; k < organelle_count; ++k) {
      if (availability[i][k] == 1) {
        batch.labelled.at(k).push_back(static_cast<std::int64_t>(i));
      }
    }
  }
  return batch;
}

} // namespace

CATCH_TEST_CASE("the loss of a partially labelled batch is the published code's") {
  const auto tensors = test::reference_tensors("adaptive_loss.safetensors");
  for (const auto& record : test::reference_json("manifest.json")["adaptive_loss"]["cases"]) {
    CATCH_CAPTURE(record["name"]);
    const Batch batch = batch_of(tensors, record["availability"]);
    const at::Tensor& predictions = tensors.at("pred");
    const AdaptiveL1 paper = adaptive_l1(predictions, batch, {});
    StepOptions options;
    options.l1_mask = L1Mask::upstream_scalar_mask;
    const AdaptiveL1 upstream = adaptive_l1(predictions, batch, options);
    if (record["planes"] == 0) {
      CATCH_CHECK_FALSE(paper.total.has_value());
      continue;
    }
    const auto near = [](const nlohmann::json& number) {
      return Approx(number.get<double>()).epsilon(1e-6);
    };
    CATCH_CHECK(*paper.total == near(record["sum_per_pixel"]));
    CATCH_CHECK(*upstream.total == near(record["sum_upstream_gan_model"]));
    options = {.l1_weight = 10, .reduction = Reduction::mean_of_planes};
    CATCH_CHECK(*adaptive_l1(predictions, batch, options).total ==
                near(record["upstream_unetpp_lambda10"]));
    for (std::size_t k = 0; k < organelle_count; ++k) {
      const auto& expected = record["per_organelle"][names.at(k)];
      CATCH_REQUIRE(paper.organelles.at(k).has_value() == !expected.is_null());
      if (!expected.is_null()) {
        CATCH_CHECK(100 * *paper.organelles.at(k) == near(expected["per_pixel"]));
        CATCH_CHECK(100 * *upstream.organelles.at(k) == near(expected["upstream_gan_model"]));
      }
    }
  }
}
