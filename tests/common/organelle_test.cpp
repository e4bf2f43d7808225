// SPDX-License-Identifier: Apache-2.0
#include "common/organelle.hpp"

#include <catch2/catch.hpp>

CATCH_TEST_CASE("organelles are in the networks' channel order") {
  CATCH_CHECK(lmc::channel_of(lmc::Organelle::mitochondria) == 0);
  CATCH_CHECK(lmc::channel_of(lmc::Organelle::nucleus) == 1);
  CATCH_CHECK(lmc::channel_of(lmc::Organelle::tubulin) == 2);
  CATCH_CHECK(lmc::channel_of(lmc::Organelle::actin) == 3);
}

CATCH_TEST_CASE("an organelle is found by its name in any case") {
  for (const lmc::Organelle organelle : lmc::all_organelles) {
    CATCH_CHECK(lmc::organelle_from_name(lmc::name_of(organelle)) == organelle);
  }
  CATCH_CHECK(lmc::organelle_from_name("Nucleus") == lmc::Organelle::nucleus);
  CATCH_CHECK_FALSE(lmc::organelle_from_name("nuclei").has_value());
}
