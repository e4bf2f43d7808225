// SPDX-License-Identifier: Apache-2.0
#include "dataset/scan.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace fs = std::filesystem;
using namespace lmc::dataset;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("images are files with an image suffix that are not hidden") {
  for (const char* const name : {"a.tif", "x/b.OME.TIFF", "c.nii", "c.nii.gz", "d.mha", "e.png"}) {
    CATCH_CHECK(is_image_name(name));
  }
  for (const char* const name :
       {"a.txt", ".a.tif", "x/.hidden.png", "c.gz", "c.tar.gz", "tif", ""}) {
    CATCH_CHECK_FALSE(is_image_name(name));
  }
}

CATCH_TEST_CASE("a folder is searched with its subfolders, in order") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "a/b.tif");
  fs::create_directories(folder.path() / "out");
  for (const char* const name : {"2.tif", "1.ome.tiff", "a/2.TIF", "a/b.tif/3.mha", "notes.txt",
                                 ".hidden.tif", "out/4.png"}) {
    static_cast<void>(folder.file(name, ""));
  }
  using Paths = std::vector<fs::path>;
  CATCH_CHECK(images_below(folder.path()) ==
              Paths{"1.ome.tiff", "2.tif", "a/2.TIF", "a/b.tif/3.mha", "out/4.png"});
  fs::create_directory_symlink(folder.path() / "out", folder.path() / "link");
  const std::array left_out{folder.path() / "link", fs::path{}, folder.path() / "absent"};
  CATCH_CHECK(images_below(folder.path(), left_out) ==
              Paths{"1.ome.tiff", "2.tif", "a/2.TIF", "a/b.tif/3.mha"});
}

CATCH_TEST_CASE("a folder that cannot be searched is named") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(images_below(folder.path() / "absent"),
                          Catch::Contains("E301") && Catch::Contains("absent"));
  CATCH_CHECK_THROWS_WITH(images_below(folder.file("file", "")), Catch::Contains("E301"));
}

CATCH_TEST_CASE("folders are the same through links, and only if they exist") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(folder.path(), folder.path() / "link");
  CATCH_CHECK(is_same_folder(folder.path(), folder.path() / "link"));
  CATCH_CHECK_FALSE(is_same_folder(folder.path(), folder.path().parent_path()));
  CATCH_CHECK_FALSE(is_same_folder({}, {}));
  CATCH_CHECK_FALSE(is_same_folder("/absent", "/absent"));
}
