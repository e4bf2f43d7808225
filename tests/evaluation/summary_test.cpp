// SPDX-License-Identifier: Apache-2.0
#include "evaluation/summary.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lmc;
using namespace lmc::evaluation;

namespace {

Evaluation evaluation_of(Organelle organelle, Modality modality, std::optional<double> deviation,
                         std::optional<double> pcc) {
  Evaluation evaluation;
  evaluation.pair.organelle = organelle;
  evaluation.pair.modality = modality;
  evaluation.pair.focus_deviation = deviation;
  evaluation.metrics.pcc = pcc;
  return evaluation;
}

} // namespace

CATCH_TEST_CASE("statistics equal numpy's") {
  // numpy: mean, std(ddof=1), percentile([0, 25, 50, 75, 100]) of [4, 1, 3, 8]
  const Statistics statistics = *statistics_of(std::vector<double>{4, 1, 3, 8});
  CATCH_CHECK(statistics.count == 4);
  CATCH_CHECK(statistics.mean == Approx(4));
  CATCH_CHECK(statistics.deviation == Approx(2.943920288775949));
  CATCH_CHECK(statistics.lowest == 1);
  CATCH_CHECK(statistics.quartile1 == Approx(2.5));
  CATCH_CHECK(statistics.median == Approx(3.5));
  CATCH_CHECK(statistics.quartile3 == Approx(5));
  CATCH_CHECK(statistics.highest == 8);
  CATCH_CHECK(statistics_of(std::vector<double>{2})->deviation == 0);
  CATCH_CHECK_FALSE(statistics_of(std::vector<double>{}).has_value());
}

CATCH_TEST_CASE("images are grouped by organelle, modality and focus") {
  std::vector<Evaluation> evaluations{
      evaluation_of(Organelle::nucleus, Modality::bright_field, 0.0, 0.9),
      evaluation_of(Organelle::nucleus, Modality::bright_field, 2.0, 0.5),
      evaluation_of(Organelle::nucleus, Modality::dic, std::nullopt, 0.1),
      evaluation_of(Organelle::actin, Modality::dic, 0.0, std::nullopt)};
  Evaluation failed = evaluations.front();
  failed.error = Error{ErrorCode::input_empty, "x", "empty", "copy it"};
  failed.metrics = {};
  evaluations.push_back(failed);
  const Summary summary = summarise(evaluations);
  CATCH_REQUIRE(summary.by_organelle.size() == 2);
  const Group& nucleus = summary.by_organelle[0];
  CATCH_CHECK(nucleus.images == 3);
  CATCH_CHECK(nucleus.metrics[2]->mean == Approx(0.5));
  CATCH_CHECK_FALSE(nucleus.metrics[0].has_value());
  CATCH_CHECK(summary.by_organelle[1].images == 1);
  CATCH_CHECK_FALSE(summary.by_organelle[1].metrics[2].has_value());
  CATCH_CHECK(summary.by_modality.size() == 2);
  CATCH_CHECK(summary.by_organelle_and_modality.size() == 3);
  CATCH_REQUIRE(summary.by_focus_deviation.size() == 3);
  const auto json = to_json(summary);
  CATCH_CHECK(json.at("by_organelle").at(0).at("organelle") == "nucleus");
  CATCH_CHECK(json.at("by_organelle").at(0).at("pcc").at("count") == 3);
  CATCH_CHECK(json.at("by_organelle").at(0).at("mae").is_null());
  CATCH_CHECK(json.at("by_focus_deviation").at(1).at("focus_deviation") == 2.0);
}
