// SPDX-License-Identifier: Apache-2.0
#include "dataset/pairs.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace lmc;
using namespace lmc::dataset;
namespace fs = std::filesystem;

namespace {

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream{file} << "x";
}

PairFolders folders_in(const test::TemporaryFolder& folder) {
  PairFolders folders;
  folders.predictions = folder.path() / "p";
  folders.truths = folder.path() / "t";
  return folders;
}

} // namespace

CATCH_TEST_CASE("predictions find truth, input and focus in the public data set's layout") {
  const test::TemporaryFolder folder;
  for (const char* const z : {"z0", "z1", "z2", "z3", "z4"}) {
    touch(folder.path() / "t/Study_1" / (std::string{"image_3_PC_"} + z + ".ome.tiff"));
  }
  touch(folder.path() / "t/Study_1/image_3_Nucleus.ome.tiff");
  touch(folder.path() / "t/Study_1/image_4_Nucleus.ome.tiff");
  touch(folder.path() / "p/image_3_PC_z0_nucleus.ome.tiff");
  touch(folder.path() / "p/image_3_PC_z0_actin.ome.tiff");
  touch(folder.path() / "p/summary.json");
  const PairList list = pairs_in_folders(folders_in(folder));
  CATCH_REQUIRE(list.pairs.size() == 1);
  const Pair& pair = list.pairs.front();
  CATCH_CHECK(pair.prediction == folder.path() / "p/image_3_PC_z0_nucleus.ome.tiff");
  CATCH_CHECK(pair.truth == folder.path() / "t/Study_1/image_3_Nucleus.ome.tiff");
  CATCH_CHECK(pair.input == folder.path() / "t/Study_1/image_3_PC_z0.ome.tiff");
  CATCH_CHECK(pair.modality == Modality::phase_contrast);
  CATCH_CHECK(pair.focus_deviation == 2.0);
  CATCH_REQUIRE(list.skipped.size() == 1);
  CATCH_CHECK(list.skipped.front().organelle == Organelle::actin);
  CATCH_REQUIRE(list.unused_truths.size() == 1);
  CATCH_CHECK(list.unused_truths.front().filename() == "image_4_Nucleus.ome.tiff");
}

CATCH_TEST_CASE("without inputs the middle of the predicted planes is in focus") {
  const test::TemporaryFolder folder;
  touch(folder.path() / "t/image_3_Nucleus.ome.tiff");
  for (const char* const z : {"z4", "z5", "z6"}) {
    touch(folder.path() / "p" / (std::string{"image_3_BF_"} + z + "_nucleus.ome.tiff"));
  }
  PairFolders folders = folders_in(folder);
  const PairList middle = pairs_in_folders(folders);
  CATCH_REQUIRE(middle.pairs.size() == 3);
  CATCH_CHECK(middle.pairs[0].focus_deviation == 1.0);
  CATCH_CHECK(middle.pairs[1].focus_deviation == 0.0);
  folders.best_focus = {{"image_3", 6}};
  CATCH_CHECK(pairs_in_folders(folders).pairs[0].focus_deviation == 2.0);
}

CATCH_TEST_CASE("of truths with one name the one in the same subfolder is taken") {
  const test::TemporaryFolder folder;
  touch(folder.path() / "t/a/cell_Actin.tif");
  touch(folder.path() / "t/b/cell_Actin.tif");
  touch(folder.path() / "p/b/cell_actin.tif");
  touch(folder.path() / "p/c/cell_actin.tif");
  const PairList list = pairs_in_folders(folders_in(folder));
  CATCH_REQUIRE(list.pairs.size() == 1);
  CATCH_CHECK(list.pairs.front().truth == folder.path() / "t/b/cell_Actin.tif");
  CATCH_REQUIRE(list.skipped.size() == 1);
  CATCH_CHECK(list.skipped.front().reason == "2 truths have its name, none in the same subfolder");
}

CATCH_TEST_CASE("folders within each other do not pair a truth with itself") {
  const test::TemporaryFolder folder;
  touch(folder.path() / "t/cell_nucleus.tif");
  touch(folder.path() / "t/p/cell_nucleus.tif");
  touch(folder.path() / "t/p/report/x_nucleus.tif");
  PairFolders folders = folders_in(folder);
  folders.predictions = folder.path() / "t/p";
  folders.left_out = folder.path() / "t/p/report";
  const PairList list = pairs_in_folders(folders);
  CATCH_REQUIRE(list.pairs.size() == 1);
  CATCH_CHECK(list.pairs.front().truth == folder.path() / "t/cell_nucleus.tif");
  CATCH_CHECK(list.skipped.empty());
  folders.predictions = folders.truths;
  CATCH_CHECK_THROWS_WITH(pairs_in_folders(folders), Catch::Contains("E201"));
  folders.predictions = folder.path() / "none";
  CATCH_CHECK_THROWS_WITH(pairs_in_folders(folders), Catch::Contains("E301"));
}
