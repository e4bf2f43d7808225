// SPDX-License-Identifier: Apache-2.0
#include "tests/app/samples.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

CATCH_TEST_CASE("lmc preview draws an image beside its predictions, told apart by name or folder") {
  const TemporaryFolder folder;
  const std::string input = write_sample(folder.path() / "a.tif");
  const std::string nucleus = write_sample(folder.path() / "a_nucleus.tif", {.seed = 2});
  const std::string actin =
      write_sample(folder.path() / "actin-fluorescence-ome-tiff" / "x.tiff", {.seed = 3});
  const std::string picture = (folder.path() / "a.png").string();
  const ProcessResult result = run("lmc", {"preview", input, nucleus, actin, "-o", picture});
  CATCH_INFO(result.err);
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK_THAT(content_of(picture), StartsWith("\x89PNG"));

  CATCH_CHECK(run("lmc", {"preview", input, nucleus, "-o", picture}).exit_code == 6);
  CATCH_CHECK(run("lmc", {"preview", input, nucleus, "-o", picture, "--overwrite"}).exit_code == 0);
}

CATCH_TEST_CASE("lmc preview tells predictions apart by the last word of their names") {
  const TemporaryFolder folder;
  const std::string input = write_sample(folder.path() / "nucleus_study.tif");
  std::vector<std::string> words{"preview", input, "-o", (folder.path() / "a.png").string()};
  for (const char* const organelle : {"mitochondria", "nucleus", "tubulin", "actin"}) {
    words.push_back(
        write_sample(folder.path() / (std::string{"nucleus_study_"} + organelle + ".tif")));
  }
  const ProcessResult result = run("lmc", words);
  CATCH_INFO(result.err);
  CATCH_CHECK(result.exit_code == 0);
}

CATCH_TEST_CASE("lmc preview refuses what does not belong together") {
  const TemporaryFolder folder;
  const std::string input = write_sample(folder.path() / "a.tif");
  const std::string small = write_sample(folder.path() / "nucleus.tif", {.height = 5});
  const std::string other = write_sample(folder.path() / "b-Nucleus.tif");
  const std::string picture = (folder.path() / "a.png").string();
  const auto last_line = [&](const std::vector<std::string>& predictions) {
    std::vector<std::string> words{"preview", input, "-o", picture};
    words.insert(words.end(), predictions.begin(), predictions.end());
    const ProcessResult result = run("lmc", words);
    CATCH_CHECK(result.exit_code == 2);
    CATCH_CHECK_FALSE(fs::exists(picture));
    return result.last_error_line();
  };
  CATCH_CHECK_THAT(last_line({small}), Contains("its 40 x 5 pixels are not the 40 x 24"));
  CATCH_CHECK_THAT(last_line({input}), Contains("names an organelle"));
  CATCH_CHECK_THAT(last_line({other, small}), Contains("is nucleus too"));
}
