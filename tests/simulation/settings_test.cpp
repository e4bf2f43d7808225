// SPDX-License-Identifier: Apache-2.0
#include "simulation/settings.hpp"

#include "common/json.hpp"
#include "simulation/study.hpp"
#include "tests/image/failure.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <limits>

using namespace lmc::simulation;
using lmc::ErrorCode;
using lmc::parse_json;

namespace {

std::string refused(const char* text) {
  return lmc::test::cause_of(ErrorCode::configuration,
                             [&] { static_cast<void>(options_from_json(parse_json(text))); });
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
      study_from_json(parse_json(R"({"modality": "DIC", "optics": {"shear_um": 0.3}})"));
  CATCH_CHECK(study.optics.shear_um == 0.3);
  CATCH_CHECK(study.optics.objective_na == OpticsSettings{}.objective_na);
}

CATCH_TEST_CASE("unknown keys are errors, wherever they are") {
  CATCH_CHECK_THAT(refused(R"({"field": 3})"), Catch::Contains("no such setting"));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"optic": {}}]})"), Catch::Contains("no such setting"));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"cells": {"radius": 3}}]})"),
                   Catch::Contains("no such setting in cells"));
}

CATCH_TEST_CASE("wrong types and values are refused, naming what was seen and what is allowed") {
  CATCH_CHECK_THAT(refused(R"({"fields": 0})"), Catch::Contains("0, allowed is 1 to"));
  CATCH_CHECK_THAT(refused(R"({"fields": 1.5})"), Catch::Contains("a whole number is expected"));
  CATCH_CHECK_THAT(refused(R"({"fields": 99999999999})"), Catch::Contains("a whole number"));
  CATCH_CHECK_THAT(refused(R"({"seed": -1})"), Catch::Contains("a whole number from 0"));
  CATCH_CHECK_THAT(refused(R"({"all_labels": 1})"), Catch::Contains("true or false"));
  CATCH_CHECK_THAT(refused(R"({"modality": "XX"})"), Catch::Contains("BF, PC, DIC and all"));
  CATCH_CHECK_THAT(refused(R"({"studies": [{"labels": ["lysosome"]}]})"),
                   Catch::Contains("mitochondria, nucleus, tubulin or actin"));
  CATCH_CHECK_THAT(refused(R"({"studies": 3})"), Catch::Contains("a list of studies"));
  CATCH_CHECK_THAT(refused("[]"), Catch::Contains("an object is expected"));
}

CATCH_TEST_CASE("optics that cannot be are refused") {
  StudySettings study;
  const auto cause = [&] {
    return lmc::test::cause_of(ErrorCode::configuration, [&] { study.validate(); });
  };
  study.optics.source_points = 3;
  CATCH_CHECK_THAT(cause(), Catch::Contains("an even number"));
  study.optics = {};
  study.optics.ring_na = 0.9;
  CATCH_CHECK_THAT(cause(), Catch::Contains("less than objective_na, 0.8"));
  study.optics = {};
  study.optics.condenser_na = 0.9;
  CATCH_CHECK_THAT(cause(), Catch::Contains("up to objective_na, 0.8"));
  study.optics = {};
  study.optics.pixel_um = std::numeric_limits<double>::quiet_NaN();
  CATCH_CHECK_THAT(cause(), Catch::Contains("nan, allowed is 0.02 to 1"));
}
