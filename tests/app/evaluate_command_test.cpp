// SPDX-License-Identifier: Apache-2.0
#include "tests/evaluation/images.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using Catch::Contains;
using lmc::evaluation::test::noise;
using lmc::evaluation::test::write_image;
using lmc::test::run;
using lmc::test::TemporaryFolder;

CATCH_TEST_CASE("lmc evaluate prints one pair's metrics as one JSON object") {
  const TemporaryFolder folder;
  const std::string image = (folder.path() / "a.ome.tiff").string();
  write_image(image, noise(400, 1), 20, 20);
  const auto nucleus =
      run("lmc", {"evaluate", "--prediction", image, "--truth", image, "--organelle", "nucleus"});
  CATCH_CHECK(nucleus.exit_code == 0);
  const auto json = nlohmann::json::parse(nucleus.out);
  CATCH_CHECK(json.size() == 5);
  CATCH_CHECK(json.at("mae") == 0);
  CATCH_CHECK(json.at("pcc").get<double>() == Approx(1));
  const auto actin =
      run("lmc", {"evaluate", "--prediction", image, "--truth", image, "--organelle", "actin"});
  CATCH_CHECK(nlohmann::json::parse(actin.out).at("mae").is_null());
  const auto golgi =
      run("lmc", {"evaluate", "--prediction", image, "--truth", image, "--organelle", "golgi"});
  CATCH_CHECK(golgi.exit_code == 2);
}

CATCH_TEST_CASE("lmc evaluate compares folders, reports all it can and ends with 7") {
  const TemporaryFolder folder;
  const auto path = [&](const char* name) { return folder.path() / name; };
  write_image(path("p/a_nucleus.ome.tiff"), noise(400, 1), 20, 20);
  write_image(path("p/a_actin.ome.tiff"), noise(400, 1), 20, 20);
  write_image(path("p/b_nucleus.ome.tiff"), noise(400, 1), 20, 20);
  write_image(path("t/a_Nucleus.ome.tiff"), noise(400, 2), 20, 20);
  write_image(path("t/b_Nucleus.ome.tiff"), noise(380, 2), 19, 20);
  const std::vector<std::string> arguments{"evaluate",         "-i", path("p").string(), "-g",
                                           path("t").string(), "-o", path("r").string()};
  const auto result = run("lmc", arguments);
  CATCH_CHECK(result.exit_code == 7);
  CATCH_CHECK_THAT(result.last_error_line(), Contains("E701") && Contains("1 of 2"));
  const auto json = nlohmann::json::parse(lmc::test::content_of(path("r/report.json")));
  CATCH_CHECK(json.at("counts").at("done") == 1);
  CATCH_CHECK(json.at("counts").at("failed") == 1);
  CATCH_CHECK(json.at("counts").at("skipped") == 1);
  CATCH_CHECK(std::filesystem::exists(path("r/report.csv")));
  CATCH_CHECK(std::filesystem::exists(path("r/report.html")));
  CATCH_CHECK(run("lmc", arguments).exit_code == 6); // the report exists
}

CATCH_TEST_CASE("lmc evaluate takes a table of pairs, and nothing to compare is an error") {
  const TemporaryFolder folder;
  write_image(folder.path() / "a.ome.tiff", noise(400, 1), 20, 20);
  const auto table =
      folder.file("pairs.csv", "prediction,truth,organelle\na.ome.tiff,a.ome.tiff,tubulin\n");
  const std::string report = (folder.path() / "r").string();
  CATCH_CHECK(run("lmc", {"evaluate", "--pairs", table.string(), "-o", report}).exit_code == 0);
  const auto none = folder.file("none.csv", "prediction,truth,organelle\na.ome.tiff,,tubulin\n");
  const auto nothing =
      run("lmc", {"evaluate", "--pairs", none.string(), "-o", report, "--overwrite"});
  CATCH_CHECK(nothing.exit_code == 3);
  CATCH_CHECK_THAT(nothing.last_error_line(), Contains("nothing to compare"));
  CATCH_CHECK(run("lmc", {"evaluate", "-i", report, "-o", report}).exit_code == 2);
}
