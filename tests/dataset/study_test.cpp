// SPDX-License-Identifier: Apache-2.0
#include "dataset/study.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>

using namespace lmc;
using namespace lmc::dataset;
using lmc::test::TemporaryFolder;

namespace {

void touch(const std::filesystem::path& folder, std::initializer_list<const char*> names) {
  std::filesystem::create_directories(folder);
  for (const char* const name : names) {
    std::ofstream{folder / name};
  }
}

} // namespace

CATCH_TEST_CASE("the public layout becomes fields, with planes in the order of focus") {
  const TemporaryFolder folder;
  touch(folder.path() / "Study_3",
        {"image_7_BF_z10.ome.tiff", "image_7_BF_z2.ome.tiff", "image_7_BF_z0.ome.tiff",
         "image_7_Nucleus.ome.tiff", "image_7_Actin.ome.tiff", "notes.txt", "image_7.ome.tiff",
         "image_7_BF_zx.ome.tiff", "image_7_Nucleus.tif"});
  touch(folder.path() / "Study_12", {"image_12_DIC_z0.ome.tiff", "image_12_Tubulin.ome.tiff"});
  const Catalogue found = read_study(folder.path());
  CATCH_CHECK(found.problems.empty());
  CATCH_REQUIRE(found.fields.size() == 2);
  CATCH_CHECK(found.fields[0].name == "12");
  CATCH_CHECK(found.fields[0].modality == Modality::dic);
  const Field& field = found.fields[1];
  CATCH_CHECK(field.name == "7");
  CATCH_CHECK(field.modality == Modality::bright_field);
  CATCH_REQUIRE(field.planes.size() == 3);
  CATCH_CHECK(field.planes[0].path.filename() == "image_7_BF_z0.ome.tiff");
  CATCH_CHECK(field.planes[1].path.filename() == "image_7_BF_z2.ome.tiff");
  CATCH_CHECK(field.planes[2].path.filename() == "image_7_BF_z10.ome.tiff");
  CATCH_CHECK(field.labels[Organelle::nucleus]->filename() == "image_7_Nucleus.ome.tiff");
  CATCH_CHECK(field.labels[Organelle::actin].has_value());
  CATCH_CHECK_FALSE(field.labels[Organelle::tubulin].has_value());
}

CATCH_TEST_CASE("fields that nothing can be learnt from are problems, not errors") {
  const TemporaryFolder folder;
  touch(folder.path() / "Study_1",
        {"image_1_PC_z0.ome.tiff", "image_2_Nucleus.ome.tiff", "image_3_PC_z0.ome.tiff",
         "image_3_BF_z0.ome.tiff", "image_3_Nucleus.ome.tiff", "image_4_PC_z0.ome.tiff",
         "image_4_Actin.ome.tiff"});
  const Catalogue found = read_study(folder.path());
  CATCH_REQUIRE(found.fields.size() == 1);
  CATCH_CHECK(found.fields[0].name == "4");
  CATCH_REQUIRE(found.problems.size() == 3);
  CATCH_CHECK_THAT(found.problems[0].reason, Catch::Contains("without a label"));
  CATCH_CHECK_THAT(found.problems[1].reason, Catch::Contains("without transmitted light"));
  CATCH_CHECK_THAT(found.problems[2].reason, Catch::Contains("two modalities"));
}

CATCH_TEST_CASE("a folder that is missing or of another layout is named") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(read_study(folder.path() / "absent"),
                          Catch::Contains("absent") && Catch::Contains("E301"));
  touch(folder.path(), {"cells.tif"});
  CATCH_CHECK_THROWS_WITH(read_study(folder.path()),
                          Catch::Contains("image_<id>_<BF|PC|DIC>_z<k>.ome.tiff") &&
                              Catch::Contains(".csv"));
}
