// SPDX-License-Identifier: Apache-2.0
#include "inference/route.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace lmc;
using namespace lmc::inference;

namespace {

const std::vector<Organelle> all(all_organelles.begin(), all_organelles.end());

} // namespace

CATCH_TEST_CASE("bright field and phase contrast are predicted by their own network") {
  for (const auto& [modality, role] : {std::pair{Modality::bright_field, Role::bright_field},
                                       std::pair{Modality::phase_contrast, Role::phase_contrast}}) {
    const Route result = route(modality);
    CATCH_REQUIRE(result.uses.size() == 1);
    CATCH_CHECK(result.modality == modality);
    CATCH_CHECK(result.uses[0].role == role);
    CATCH_CHECK(result.uses[0].organelles == all);
    CATCH_CHECK_FALSE(result.warning);
  }
}

CATCH_TEST_CASE("DIC actin alone comes from the unified network") {
  const Route result = route(Modality::dic);
  CATCH_REQUIRE(result.uses.size() == 2);
  CATCH_CHECK(result.uses[0].role == Role::dic);
  CATCH_CHECK(result.uses[0].organelles ==
              std::vector{Organelle::mitochondria, Organelle::nucleus, Organelle::tubulin});
  CATCH_CHECK(result.uses[1].role == Role::unified);
  CATCH_CHECK(result.uses[1].organelles == std::vector{Organelle::actin});
  CATCH_CHECK_FALSE(result.warning);
  static_assert(role_for(Modality::dic, Organelle::actin) == Role::unified);
}

CATCH_TEST_CASE("an unknown modality is predicted by the unified network, with a warning") {
  const Route result = route(Modality::unknown);
  CATCH_REQUIRE(result.uses.size() == 1);
  CATCH_CHECK(result.uses[0].role == Role::unified);
  CATCH_CHECK(result.uses[0].organelles == all);
  CATCH_REQUIRE(result.warning);
  CATCH_CHECK_THAT(*result.warning, Catch::Contains("the modality is unknown") &&
                                        Catch::Contains("unified network"));
}

CATCH_TEST_CASE("only the networks of the wanted organelles run") {
  const std::array actin{Organelle::actin};
  const Route result = route(Modality::dic, actin);
  CATCH_REQUIRE(result.uses.size() == 1);
  CATCH_CHECK(result.uses[0].role == Role::unified);
  const std::array two{Organelle::tubulin, Organelle::nucleus, Organelle::tubulin};
  const Route without_actin = route(Modality::dic, two);
  CATCH_REQUIRE(without_actin.uses.size() == 1);
  CATCH_CHECK(without_actin.uses[0].role == Role::dic);
  CATCH_CHECK(without_actin.uses[0].organelles ==
              std::vector{Organelle::nucleus, Organelle::tubulin});
}

CATCH_TEST_CASE("roles have the manifest's names") {
  CATCH_CHECK(name_of(Role::bright_field) == "bright_field");
  CATCH_CHECK(name_of(Role::phase_contrast) == "phase_contrast");
  CATCH_CHECK(name_of(Role::dic) == "dic");
  CATCH_CHECK(name_of(Role::unified) == "unified");
}
