// SPDX-License-Identifier: Apache-2.0
#include "common/output_folder.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

CATCH_TEST_CASE("an output folder is made with those above it, or refused by name") {
  const lmc::test::TemporaryFolder root;
  lmc::make_output_folder(root.path() / "a" / "b");
  CATCH_CHECK(std::filesystem::is_directory(root.path() / "a" / "b"));
  lmc::make_output_folder(root.path() / "a");

  const std::filesystem::path file = root.path() / "file";
  std::ofstream{file} << "no folder";
  try {
    lmc::make_output_folder(file / "below");
    CATCH_FAIL("a folder below a file");
  } catch (const lmc::Error& error) {
    CATCH_CHECK(error.code() == lmc::ErrorCode::output_unwritable);
    CATCH_CHECK_THAT(error.what(), Catch::Contains((file / "below").string()));
  }
}
