// SPDX-License-Identifier: Apache-2.0
#include "evaluation/field_name.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::evaluation;

CATCH_TEST_CASE("inputs of the public data set name field, modality and plane") {
  const PlaneName name = plane_name_of("image_12_DIC_z17");
  CATCH_CHECK(name.field == "image_12");
  CATCH_CHECK(name.modality == Modality::dic);
  CATCH_CHECK(name.z == 17);
}

CATCH_TEST_CASE("other names are a field of their own") {
  for (const char* const stem : {"cells", "image_12_BF_z", "image_12_BF_zz3", "image_12_XY_z3",
                                 "_z3", "BF_z3", "image_12_BF_z-1", ""}) {
    const PlaneName name = plane_name_of(stem);
    CATCH_CHECK(name.field == stem);
    CATCH_CHECK_FALSE(name.z.has_value());
  }
  CATCH_CHECK(plane_name_of("plate phase contrast 3").modality == Modality::phase_contrast);
  CATCH_CHECK(plane_name_of("pc12_cells").modality == Modality::unknown);
}

CATCH_TEST_CASE("organelles are named by files or by the container's folders") {
  const auto ours = organelle_name_of("out/image_12_BF_z3_nucleus.ome.tiff");
  CATCH_REQUIRE(ours);
  CATCH_CHECK(ours->stem == "image_12_BF_z3");
  CATCH_CHECK(ours->organelle == Organelle::nucleus);
  CATCH_CHECK(organelle_name_of("image_12_Mitochondria.OME.TIFF")->stem == "image_12");
  const auto container = organelle_name_of("images/actin-fluorescence-ome-tiff/abc.tiff");
  CATCH_REQUIRE(container);
  CATCH_CHECK(container->stem == "abc");
  CATCH_CHECK(container->organelle == Organelle::actin);
  CATCH_CHECK_FALSE(organelle_name_of("image_12_BF_z3.ome.tiff"));
  CATCH_CHECK_FALSE(organelle_name_of("image_12_nucleus.txt"));
  CATCH_CHECK_FALSE(organelle_name_of("nucleus.tif"));
}
