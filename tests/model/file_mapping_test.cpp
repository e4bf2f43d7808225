// SPDX-License-Identifier: Apache-2.0
#include "model/storage/file_mapping.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>

using Catch::Matchers::Contains;
using lmc::model::FileMapping;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("a file's bytes are there, also after it is deleted") {
  const TemporaryFolder folder;
  const auto path = folder.file("a", "hello");
  const FileMapping mapping{path};
  std::filesystem::remove(path);
  CATCH_REQUIRE(mapping.bytes().size() == 5);
  CATCH_CHECK(std::to_integer<char>(mapping.bytes()[4]) == 'o');
}

CATCH_TEST_CASE("what is no file with content is refused; a pipe does not hang") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(FileMapping{folder.path() / "absent"},
                          Contains("error[E401]") && Contains("no such file"));
  CATCH_CHECK_THROWS_WITH(FileMapping{folder.path()}, Contains("not a regular file"));
  CATCH_CHECK_THROWS_WITH(FileMapping{folder.file("empty", "")},
                          Contains("error[E403]") && Contains("empty file"));
  const auto pipe = folder.path() / "pipe";
  CATCH_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CATCH_CHECK_THROWS_WITH(FileMapping{pipe}, Contains("not a regular file"));
}
