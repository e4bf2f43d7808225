// SPDX-License-Identifier: Apache-2.0
#include "app/predict/input_list.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using lmc::app::InputFile;
using lmc::app::list_inputs;
using lmc::test::TemporaryFolder;

namespace {

std::vector<std::string> stems_of(const std::vector<InputFile>& files) {
  std::vector<std::string> stems;
  for (const InputFile& file : files) {
    stems.push_back(file.stem.string());
  }
  std::sort(stems.begin(), stems.end());
  return stems;
}

std::vector<InputFile> list(const std::vector<std::string>& arguments) {
  return list_inputs(arguments, "/no/such/folder");
}

/// Sets variables for one test and restores them.
class Environment {
public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> values)
      : values_{std::move(values)} {
    for (const auto& [name, value] : values_) {
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : values_) {
      unsetenv(name.c_str());
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

private:
  std::vector<std::pair<std::string, std::string>> values_;
};

} // namespace

CATCH_TEST_CASE("folders are searched, their structure is kept, other files are left out") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "a/b");
  for (const char* const name :
       {"1.ome.tiff", "a/2.TIF", "a/b/3.mha", "notes.txt", ".hidden.tif"}) {
    static_cast<void>(folder.file(name, ""));
  }
  CATCH_CHECK(stems_of(list({folder.path().string()})) ==
              std::vector<std::string>{"1", "a/2", "a/b/3"});
}

CATCH_TEST_CASE("a link in a folder keeps its own name, wherever it points") {
  const TemporaryFolder folder;
  const TemporaryFolder elsewhere;
  fs::create_symlink(elsewhere.file("real.tif", ""), folder.path() / "link.tif");
  fs::create_symlink("gone.tif", folder.path() / "dangling.tif");
  CATCH_CHECK(stems_of(list({folder.path().string()})) ==
              std::vector<std::string>{"dangling", "link"});
}

CATCH_TEST_CASE("a path that cannot be reached is an error of the input") {
  CATCH_CHECK_THROWS_WITH(list({std::string(300, 'a') + ".tif"}),
                          Contains("error[E301]") && Contains("cannot be reached"));
}

CATCH_TEST_CASE("the output folder inside an input folder is no input") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "out");
  static_cast<void>(folder.file("1.tif", ""));
  static_cast<void>(folder.file("out/1_nucleus.ome.tiff", ""));
  const std::vector<std::string> arguments{folder.path().string()};
  CATCH_CHECK(stems_of(list_inputs(arguments, folder.path() / "out")) ==
              std::vector<std::string>{"1"});
}

CATCH_TEST_CASE("patterns are expanded, but a file whose name is a pattern is that file") {
  const TemporaryFolder folder;
  for (const char* const name : {"p1.tif", "p2.tif", "q.tif", "[x].tif", "-dash name µ.tif"}) {
    static_cast<void>(folder.file(name, ""));
  }
  CATCH_CHECK(stems_of(list({(folder.path() / "p*.tif").string()})) ==
              std::vector<std::string>{"p1", "p2"});
  CATCH_CHECK(stems_of(list({(folder.path() / "[x].tif").string()})) ==
              std::vector<std::string>{"[x]"});
  CATCH_CHECK(stems_of(list({(folder.path() / "-dash name µ.tif").string()})) ==
              std::vector<std::string>{"-dash name µ"});
}

CATCH_TEST_CASE("a file that is named twice is listed once") {
  const TemporaryFolder folder;
  const std::string file = folder.file("1.tif", "").string();
  CATCH_CHECK(list({file, file}).size() == 1);
}

CATCH_TEST_CASE("arguments that name nothing are errors") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(list({(folder.path() / "x*.tif").string()}),
                          Contains("error[E301]") && Contains("no file matches"));
  CATCH_CHECK_THROWS_WITH(list({folder.path().string()}), Contains("no image in this folder"));
}

CATCH_TEST_CASE("two images whose outputs would have the same name are refused") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "a");
  fs::create_directories(folder.path() / "b");
  const std::string a = folder.file("a/1.tif", "").string();
  const std::string b = folder.file("b/1.tif", "").string();
  CATCH_CHECK_THROWS_WITH(list({a, b}), Contains("error[E201]") && Contains("same names"));
}

CATCH_TEST_CASE("shards cover the list without overlap") {
  std::vector<InputFile> files;
  for (int i = 0; i < 10; ++i) {
    files.push_back({std::to_string(i), std::to_string(i)});
  }
  std::multiset<std::string> seen;
  for (std::size_t index = 0; index < 3; ++index) {
    for (const InputFile& file : lmc::app::part_of(files, {index, 3})) {
      seen.insert(file.path.string());
    }
  }
  CATCH_CHECK(seen.size() == 10);
  CATCH_CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 10);
}

CATCH_TEST_CASE("a shard is chosen by options, else by the scheduler's variables") {
  CATCH_CHECK(lmc::app::choose_shard(-1, -1).count == 1);
  CATCH_CHECK(lmc::app::choose_shard(2, 5).index == 2);
  {
    const Environment slurm{{{"SLURM_ARRAY_TASK_ID", "7"},
                             {"SLURM_ARRAY_TASK_MIN", "5"},
                             {"SLURM_ARRAY_TASK_COUNT", "4"}}};
    CATCH_CHECK(lmc::app::choose_shard(-1, -1).index == 2);
    CATCH_CHECK(lmc::app::choose_shard(-1, -1).count == 4);
    CATCH_CHECK(lmc::app::choose_shard(0, 9).count == 9);
  }
  const Environment kubernetes{{{"JOB_COMPLETION_INDEX", "3"}}};
  CATCH_CHECK(lmc::app::choose_shard(-1, 8).index == 3);
  CATCH_CHECK_THROWS_WITH(lmc::app::choose_shard(-1, -1),
                          Contains("the number of shards is not known"));
}

CATCH_TEST_CASE("shards that do not exist are refused") {
  CATCH_CHECK_THROWS_WITH(lmc::app::choose_shard(5, 5), Contains("shard 5 of 5 does not exist"));
  const Environment broken{{{"SLURM_ARRAY_TASK_ID", "x"}}};
  CATCH_CHECK_THROWS_WITH(lmc::app::choose_shard(-1, -1), Contains("\"x\" is no number"));
}
