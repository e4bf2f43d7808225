// SPDX-License-Identifier: Apache-2.0
// `lmc simulate` as a user runs it.
#include "common/records/json.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace {

using lmc::test::run;
using lmc::test::TemporaryFolder;

namespace fs = std::filesystem;

} // namespace

CATCH_TEST_CASE("simulate writes a data set, and refuses to write it twice") {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "cells").string();
  const std::vector<std::string> arguments{"simulate", "-o",         output, "--fields",
                                           "2",        "--size",     "64",   "--planes",
                                           "1",        "--modality", "PC",   "--all-labels"};
  const auto first = run("lmc", arguments);
  CATCH_CAPTURE(first.err);
  CATCH_REQUIRE(first.exit_code == 0);
  CATCH_CHECK_THAT(first.err, Catch::Contains("100% Study_1/image_2 PC, 1 planes, 4 labels"));
  CATCH_CHECK(fs::exists(output + "/Study_1/image_2_PC_z0.ome.tiff"));
  CATCH_CHECK(fs::exists(output + "/Study_1/image_2_Actin.ome.tiff"));
  CATCH_CHECK(fs::exists(output + "/fields.csv"));
  const auto second = run("lmc", arguments);
  CATCH_CHECK(second.exit_code == 6);
  CATCH_CHECK_THAT(second.last_error_line(), Catch::Contains("pass --overwrite"));
}

CATCH_TEST_CASE("a dry run lists what would be written and writes nothing") {
  const TemporaryFolder folder;
  const auto result = run("lmc", {"simulate", "-o", (folder.path() / "cells").string(), "--fields",
                                  "3", "--modality", "DIC", "--dry-run"});
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK_THAT(result.out, Catch::Contains("Study_1/image_3_DIC_z0.ome.tiff: 7 planes"));
  CATCH_CHECK_THAT(result.out, Catch::Contains("nothing was written"));
  CATCH_CHECK(folder.entries() == 0);
}

CATCH_TEST_CASE("the printed configuration is read again, the command line goes first") {
  const TemporaryFolder folder;
  const auto printed = run("lmc", {"simulate", "--print-config", "--fields", "5", "--seed", "3"});
  CATCH_REQUIRE(printed.exit_code == 0);
  const fs::path file = folder.file("cells.json", printed.out);
  const auto again = run("lmc", {"simulate", "--print-config", "--config", file.string()});
  CATCH_CHECK(again.out == printed.out);
  const auto changed =
      run("lmc", {"simulate", "--print-config", "--config", file.string(), "--size", "256"});
  const auto json = lmc::parse_json(changed.out);
  CATCH_CHECK(json.at("size") == 256);
  CATCH_CHECK(json.at("fields") == 5);
}

CATCH_TEST_CASE("help tells the defaults of the options") {
  const auto help = run("lmc", {"simulate", "--help"});
  CATCH_CHECK_THAT(help.out, Catch::Contains("(default: 16)") && Catch::Contains("(default: all)"));
}

CATCH_TEST_CASE("wrong options name the value seen and the values allowed") {
  const auto none = run("lmc", {"simulate", "-o", "/tmp/unused", "--fields", "0"});
  CATCH_CHECK(none.exit_code == 2);
  CATCH_CHECK_THAT(none.last_error_line(),
                   Catch::Contains("\"fields\" is 0, allowed is a whole number from 1 to 1000000"));
  const auto modality = run("lmc", {"simulate", "-o", "/tmp/unused", "--modality", "XRAY"});
  CATCH_CHECK_THAT(modality.last_error_line(), Catch::Contains("one of all, BF, PC, DIC"));
  const auto word = run("lmc", {"simulate", "-o", "/tmp/unused", "--size", "large"});
  CATCH_CHECK(word.exit_code == 2);
  CATCH_CHECK_THAT(word.last_error_line(), Catch::Contains("\"size\" is \"large\""));
  const auto nowhere = run("lmc", {"simulate"});
  CATCH_CHECK_THAT(nowhere.last_error_line(), Catch::Contains("give the folder of the data set"));
  const TemporaryFolder folder;
  const fs::path broken = folder.file("broken.json", "{\"fields\": 3,}");
  const auto configuration =
      run("lmc", {"simulate", "-o", "/tmp/unused", "--config", broken.string()});
  CATCH_CHECK(configuration.exit_code == 2);
  CATCH_CHECK_THAT(configuration.last_error_line(), Catch::Contains("broken.json"));
}
