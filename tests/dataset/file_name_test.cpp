// SPDX-License-Identifier: Apache-2.0
#include "dataset/file_name.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lmc;
using namespace lmc::dataset;

namespace {

struct Example {
  const char* file;
  const char* image;
  const char* field;
  std::optional<Organelle> organelle = std::nullopt;
  Modality modality = Modality::unknown;
  std::optional<int> z = std::nullopt;
};

void check(const std::vector<Example>& examples) {
  for (const Example& example : examples) {
    CATCH_INFO(example.file);
    const FileName name = file_name_of(example.file);
    CATCH_CHECK(name.image == example.image);
    CATCH_CHECK(name.field == example.field);
    CATCH_CHECK(name.organelle == example.organelle);
    CATCH_CHECK(name.modality == example.modality);
    CATCH_CHECK(name.z == example.z);
  }
}

constexpr Organelle mitochondria = Organelle::mitochondria;
constexpr Organelle nucleus = Organelle::nucleus;
constexpr Organelle tubulin = Organelle::tubulin;
constexpr Organelle actin = Organelle::actin;

} // namespace

CATCH_TEST_CASE("transmitted light of the public set names field, modality and plane") {
  check({
      {"image_12_DIC_z17.ome.tiff", "image_12_DIC_z17", "image_12", {}, Modality::dic, 17},
      {"in/image_7_bf_Z0.TIF", "image_7_bf_Z0", "image_7", {}, Modality::bright_field, 0},
      {"a-PC-z2.tif", "a-PC-z2", "a", {}, Modality::phase_contrast, 2},
      {"plate BF_DIC_z3.tif", "plate BF_DIC_z3", "plate BF", {}, Modality::dic, 3},
  });
}

CATCH_TEST_CASE("other names are a field of their own, and may say the modality") {
  for (const char* const stem : {"cells", "image_12_XY_z3", "_z3", "nuclei_2", "Nucleus7",
                                 "x_actins", "nucleus_study", "my nucleus 3", "pc12_cells", ""}) {
    check({{stem, stem, stem}});
  }
  for (const char* const stem : {"image_12_BF_z", "image_12_BF_zz3", "BF_z3", "image_12_BF_z-1",
                                 "image_12_BF_z99999999999", "image_12_BF"}) {
    check({{stem, stem, stem, {}, Modality::bright_field}});
  }
  check({{"plate phase contrast 3.png",
          "plate phase contrast 3",
          "plate phase contrast 3",
          {},
          Modality::phase_contrast}});
}

CATCH_TEST_CASE("the last word of a name is its organelle") {
  check({
      {"image_12_Mitochondria.OME.TIFF", "image_12", "image_12", mitochondria},
      {"out/image_12_BF_z3_nucleus.ome.tiff", "image_12_BF_z3", "image_12", nucleus,
       Modality::bright_field, 3},
      {"cells-ACTIN.png", "cells", "cells", actin},
      {"cells.tubulin.nii.gz", "cells", "cells", tubulin},
      {"dic cells tubulin.tif", "dic cells", "dic cells", tubulin, Modality::dic},
      {"cell_actin_z2.tif", "cell_z2", "cell", actin, Modality::unknown, 2},
      {"image_1_PC_actin_z2.tif", "image_1_PC_z2", "image_1", actin, Modality::phase_contrast, 2},
      {"nucleus.tif", "", "", nucleus},
  });
}

CATCH_TEST_CASE("words further ahead belong to the image") {
  check({
      {"nucleus_study_actin.ome.tiff", "nucleus_study", "nucleus_study", actin},
      {"nucleus_actin.tif", "nucleus", "nucleus", actin},
      {"actin_nucleus_2.tif", "actin_nucleus_2", "actin_nucleus_2"},
  });
}

CATCH_TEST_CASE("names without an organelle have that of their folder, as in the container") {
  check({
      {"images/actin-fluorescence-ome-tiff/abc.tiff", "abc", "abc", actin},
      {"Nucleus/abc.tiff", "abc", "abc", nucleus},
      {"Nucleus/abc_actin.tiff", "abc", "abc", actin},
      {"nucleuses/abc.tiff", "abc", "abc"},
      {"my_nucleus/abc.tiff", "abc", "abc"},
      {"nucleus/deeper/abc.tiff", "abc", "abc"},
  });
}

CATCH_TEST_CASE("what is written is read as what it is") {
  CATCH_CHECK(prediction_name("nucleus_study", tubulin) == "nucleus_study_tubulin.ome.tiff");
  CATCH_CHECK(truth_name("image_12", nucleus) == "image_12_Nucleus.ome.tiff");
  CATCH_CHECK(light_name("image_12", Modality::phase_contrast, 3) == "image_12_PC_z3.ome.tiff");
  for (const Organelle organelle : all_organelles) {
    CATCH_CHECK(file_name_of(prediction_name("a_nucleus", organelle)).organelle == organelle);
    CATCH_CHECK(file_name_of(prediction_name("a_nucleus", organelle)).image == "a_nucleus");
    CATCH_CHECK(file_name_of(truth_name("image_1", organelle)).organelle == organelle);
  }
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic}) {
    const FileName name = file_name_of(light_name("image_1", modality, 11));
    CATCH_CHECK(name.field == "image_1");
    CATCH_CHECK(name.modality == modality);
    CATCH_CHECK(name.z == 11);
  }
}
