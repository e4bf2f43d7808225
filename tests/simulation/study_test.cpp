// SPDX-License-Identifier: Apache-2.0
#include "simulation/study.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

using namespace lmc::simulation;
using lmc::Modality;
using lmc::Organelle;

namespace {

/// A run that draws each of the public set's studies once.
std::vector<StudySettings> whole_set() {
  SimulationOptions options;
  options.fields = 30;
  options.fields_per_study = 1;
  return studies_of(options);
}

std::size_t labelled(const std::vector<StudySettings>& studies, Modality modality,
                     Organelle organelle) {
  return static_cast<std::size_t>(
      std::count_if(studies.begin(), studies.end(), [&](const StudySettings& study) {
        return study.modality == modality &&
               std::count(study.labels.begin(), study.labels.end(), organelle) == 1;
      }));
}

} // namespace

CATCH_TEST_CASE("modalities and labels are available as in the public set") {
  const auto studies = whole_set();
  CATCH_REQUIRE(studies.size() == 30);
  // Studies with each organelle, counted from the set's file lists: M, N, T, A.
  const std::map<Modality, std::array<std::size_t, 4>> expected{
      {Modality::bright_field, {7, 10, 1, 1}},
      {Modality::phase_contrast, {5, 8, 1, 2}},
      {Modality::dic, {9, 11, 6, 0}}};
  for (const auto& [modality, counts] : expected) {
    for (const Organelle organelle : lmc::all_organelles) {
      CATCH_CAPTURE(short_name_of(modality), name_of(organelle));
      CATCH_CHECK(labelled(studies, modality, organelle) == counts.at(channel_of(organelle)));
    }
  }
}

CATCH_TEST_CASE("every drawn study is valid, and no two are alike") {
  const auto studies = whole_set();
  SimulationOptions options;
  options.studies = studies;
  CATCH_CHECK(options_from_json(to_json(options)) == options);
  for (std::size_t i = 0; i < studies.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      CATCH_CHECK_FALSE(studies[i].cells == studies[k].cells);
    }
  }
}

CATCH_TEST_CASE("one modality alone, as many studies as the fields need") {
  SimulationOptions options;
  options.fields = 41;
  options.fields_per_study = 2;
  options.modality = lmc::Modality::phase_contrast;
  const auto studies = studies_of(options);
  CATCH_CHECK(studies.size() == 21);
  CATCH_CHECK(std::all_of(studies.begin(), studies.end(), [](const StudySettings& study) {
    return study.modality == Modality::phase_contrast;
  }));
}

CATCH_TEST_CASE("the seed decides the studies") {
  SimulationOptions options;
  const auto first = studies_of(options);
  CATCH_CHECK(studies_of(options) == first);
  options.seed = 2;
  CATCH_CHECK_FALSE(studies_of(options) == first);
}

CATCH_TEST_CASE("given studies are used in turn") {
  SimulationOptions options;
  options.fields = 5;
  options.fields_per_study = 1;
  options.studies.resize(2);
  options.studies[1].sample = "second";
  const auto studies = studies_of(options);
  CATCH_REQUIRE(studies.size() == 5);
  CATCH_CHECK(studies[3].sample == "second");
  CATCH_CHECK(studies[4].sample == "cells");
}
