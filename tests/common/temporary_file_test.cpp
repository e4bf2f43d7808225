// SPDX-License-Identifier: Apache-2.0
#include "common/files/temporary_file.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

using Catch::Matchers::Contains;
using lmc::Error;
using lmc::Existing;
using lmc::TemporaryFile;
using lmc::test::content_of;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("a file has its final name only after commit") {
  const TemporaryFolder folder;
  const auto name = folder.path() / "result.txt";
  {
    TemporaryFile file{name};
    CATCH_REQUIRE(write(file.descriptor(), "abc", 3) == 3);
    CATCH_CHECK_FALSE(std::filesystem::exists(name));
    CATCH_CHECK(content_of(file.path()) == "abc");
    file.commit(Existing::refuse);
  }
  CATCH_CHECK(content_of(name) == "abc");
  CATCH_CHECK(folder.entries() == 1);
}

CATCH_TEST_CASE("a file that is not committed leaves nothing") {
  const TemporaryFolder folder;
  {
    const TemporaryFile file{folder.path() / "result.txt"};
    CATCH_REQUIRE(write(file.descriptor(), "abc", 3) == 3);
  }
  CATCH_CHECK(folder.entries() == 0);
}

CATCH_TEST_CASE("an existing file is replaced only when asked") {
  const TemporaryFolder folder;
  const auto name = folder.file("result.txt", "old");
  CATCH_CHECK_THROWS_WITH(lmc::write_file(name, "new", Existing::refuse),
                          Contains("error[E602]") && Contains("the file exists"));
  CATCH_CHECK(content_of(name) == "old");
  lmc::write_file(name, "new", Existing::replace);
  CATCH_CHECK(content_of(name) == "new");
  CATCH_CHECK(folder.entries() == 1);
}

CATCH_TEST_CASE("a missing output folder is named") {
  const TemporaryFolder folder;
  const auto name = folder.path() / "absent" / "result.txt";
  CATCH_CHECK_THROWS_WITH(TemporaryFile{name}, Contains("error[E601]") && Contains("absent") &&
                                                   Contains("No such file or directory"));
}

CATCH_TEST_CASE("a write that fails half way leaves no file") {
  const TemporaryFolder folder;
  rlimit before{};
  CATCH_REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit tight{1000, before.rlim_max};
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  CATCH_REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const std::string content(5000, 'x');
  CATCH_CHECK_THROWS_WITH(lmc::write_file(folder.path() / "big", content, Existing::refuse),
                          Contains("error[E603]") && Contains("File too large"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CATCH_CHECK(folder.entries() == 0);
}

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
    CATCH_CHECK_THAT(error.what(), Contains((file / "below").string()));
  }
}

CATCH_TEST_CASE("an output that is there is refused before the work, dangling links too") {
  const lmc::test::TemporaryFolder root;
  const std::filesystem::path path = root.path() / "a.txt";
  lmc::check_output(path, lmc::Existing::refuse);
  std::filesystem::create_symlink(root.path() / "absent", path);
  CATCH_CHECK_THROWS_WITH(lmc::check_output(path, lmc::Existing::refuse),
                          Contains("error[E602]") && Contains("--overwrite"));
  lmc::check_output(path, lmc::Existing::replace);
}
