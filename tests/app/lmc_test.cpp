// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

namespace {

/// Names under "Subcommands:" of `lmc --help`.
std::vector<std::string> subcommands() {
  std::istringstream help{run("lmc", {"--help"}).out};
  std::vector<std::string> names;
  bool inside = false;
  for (std::string line; std::getline(help, line);) {
    if (inside && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    } else {
      inside = line.starts_with("Subcommands:");
    }
  }
  return names;
}

} // namespace

CATCH_TEST_CASE("lmc --help shows an example of every command, and each command one of its own") {
  const std::string help = run("lmc", {"--help"}).out;
  const std::vector<std::string> names = subcommands();
  CATCH_REQUIRE(names.size() >= 5);
  for (const std::string& name : names) {
    CATCH_INFO(name);
    CATCH_CHECK_THAT(help, Contains("\n  lmc " + name));
    const ProcessResult own = run("lmc", {name, "--help"});
    CATCH_CHECK(own.exit_code == 0);
    CATCH_CHECK(own.err.empty());
    CATCH_CHECK_THAT(own.out, Contains("Example") && Contains("lmc " + name + " "));
  }
}

CATCH_TEST_CASE("lmc without a command, or with an unknown one, ends with 2") {
  CATCH_CHECK(run("lmc", {}).exit_code == 2);
  const ProcessResult unknown = run("lmc", {"fly"});
  CATCH_CHECK(unknown.exit_code == 2);
  CATCH_CHECK_THAT(unknown.last_error_line(), StartsWith("error[E201] lmc: "));
}

CATCH_TEST_CASE("lmc --version prints a version") {
  const ProcessResult result = run("lmc", {"--version"});
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK(std::count(result.out.begin(), result.out.end(), '.') >= 2);
}
