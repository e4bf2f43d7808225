// SPDX-License-Identifier: Apache-2.0
#include "simulation/settings.hpp"

#include "common/records/json.hpp"
#include "simulation/study.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <limits>
#include <stdexcept>
#include <string>

using namespace lmc::simulation;
using lmc::parse_json;

namespace {

std::string refused(const nlohmann::json& record) {
  try {
    static_cast<void>(options_from_json(record));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string refused(const char* text) {
  return refused(parse_json(text));
}

} // namespace

CATCH_TEST_CASE("options survive JSON, with all of their studies") {
  SimulationOptions options;
  options.fields = 12;
  options.all_labels = true;
  options.seed = std::numeric_limits<std::uint64_t>::max();
  options.studies = studies_of(options);
  const auto text = lmc::to_text(to_json(options));
  CATCH_CHECK(options_from_json(parse_json(text)) == options);
}

CATCH_TEST_CASE("absent keys keep their defaults") {
  CATCH_CHECK(options_from_json(parse_json("{}")) == SimulationOptions{});
  const StudySettings study =
      options_from_json(
          parse_json(R"({"studies": [{"modality": "DIC", "optics": {"shear_um": 0.3}}]})"))
          .studies.at(0);
  CATCH_CHECK(study.optics.shear_um == 0.3);
  CATCH_CHECK(study.optics.objective_na == OpticsSettings{}.objective_na);
}

CATCH_TEST_CASE("unknown keys are errors, wherever they are") {
  CATCH_CHECK_THAT(refused(R"({"field": 3})"), Catch::Contains("unknown key \"field\""));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"cells": {"radius": 3}}]})"),
                   Catch::Contains("unknown key \"studies[0].cells.radius\"") &&
                       Catch::Contains("radius_um"));
}

CATCH_TEST_CASE("wrong values are refused, naming what was seen and what is allowed") {
  CATCH_CHECK_THAT(refused(R"({"fields": 0})"),
                   Catch::Contains("\"fields\" is 0") && Catch::Contains("from 1 to 1000000"));
  CATCH_CHECK_THAT(refused(R"({"modality": "XX"})"), Catch::Contains("all, BF, PC, DIC"));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"modality": "all"}]})"),
                   Catch::Contains("one of BF, PC, DIC"));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"labels": ["lysosome"]}]})"),
                   Catch::Contains("mitochondria, nucleus, tubulin, actin"));
}

CATCH_TEST_CASE("optics that cannot be are refused") {
  SimulationOptions options;
  OpticsSettings& optics = options.studies.emplace_back().optics;
  const auto cause = [&] { return refused(to_json(options)); };
  CATCH_CHECK(cause() == "accepted");
  optics.source_points = 3;
  CATCH_CHECK_THAT(cause(), Catch::Contains("an even number"));
  optics = {};
  optics.ring_na = 0.9;
  CATCH_CHECK_THAT(cause(), Catch::Contains("less than objective_na, 0.8"));
  optics = {};
  optics.condenser_na = 0.9;
  CATCH_CHECK_THAT(cause(), Catch::Contains("up to objective_na, 0.8"));
  optics = {};
  optics.pixel_um = std::numeric_limits<double>::quiet_NaN();
  CATCH_CHECK_THAT(cause(), Catch::Contains("from 0.02 to 1"));
}
