// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_log.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

using namespace lmc::training;

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream{file};
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

} // namespace

CATCH_TEST_CASE("a log goes on where the checkpoint is, without what was written beyond it") {
  const lmc::test::TemporaryFolder folder;
  const auto file = folder.path() / "log.jsonl";
  {
    RunLog log{file, 0};
    for (int step = 1; step <= 5; ++step) {
      log.add({{"step", step}, {"loss", 0.1 * step}});
    }
  }
  const auto whole = lines_of(file);
  CATCH_REQUIRE(whole.size() == 5);
  std::ofstream{file, std::ios::app} << R"({"step": 6, "lo)"; // cut off by a crash
  RunLog log{file, 3};
  CATCH_CHECK(log.records().size() == 3);
  CATCH_CHECK(lines_of(file) == std::vector<std::string>(whole.begin(), whole.begin() + 3));
  log.add({{"step", 4}, {"loss", 0.4}});
  CATCH_CHECK(lines_of(file).size() == 4);
  CATCH_CHECK(lines_of(file).back() == whole[3]);
}

CATCH_TEST_CASE("a log that is no log starts anew") {
  const lmc::test::TemporaryFolder folder;
  const auto file = folder.path() / "log.jsonl";
  std::ofstream{file} << "[]\n"
                      << R"({"step": 1})"
                      << "\n";
  CATCH_CHECK(RunLog(file, 3).records().empty());
}
