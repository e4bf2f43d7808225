// SPDX-License-Identifier: Apache-2.0
#include "common/modality.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <utility>

using lmc::Modality;

CATCH_TEST_CASE("a modality is found in the names that people give channels") {
  const auto [name, expected] =
      GENERATE(Catch::Generators::table<std::string, std::optional<Modality>>({
          {"BF", Modality::bright_field},
          {"bf", Modality::bright_field},
          {"Brightfield", Modality::bright_field},
          {"Bright Field (trans)", Modality::bright_field},
          {"bright-field", Modality::bright_field},
          {"PC", Modality::phase_contrast},
          {"Phase Contrast 20x", Modality::phase_contrast},
          {"DIC", Modality::dic},
          {"DIC-PC", Modality::dic},
          {"PC_DIC", Modality::phase_contrast},
          {"TL-DIC", Modality::dic},
          {"Differential Interference Contrast", Modality::dic},
          {"dict", std::nullopt},
          {"PCX", std::nullopt},
          {"DAPI", std::nullopt},
          {"", std::nullopt},
      }));
  CATCH_CAPTURE(name);
  CATCH_CHECK(lmc::modality_from_name(name) == expected);
}

CATCH_TEST_CASE("every modality's own names are understood") {
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic}) {
    CATCH_CHECK(lmc::modality_from_name(lmc::short_name_of(modality)) == modality);
    CATCH_CHECK(lmc::modality_from_name(lmc::long_name_of(modality)) == modality);
  }
  CATCH_CHECK(lmc::short_name_of(Modality::unknown) == "unknown");
}
