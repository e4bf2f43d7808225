// SPDX-License-Identifier: Apache-2.0
#include "tests/app/samples.hpp"
#include "tests/support/process.hpp"

#include "common/files/hash.hpp"
#include "model/storage/weights.hpp"
#include "tests/support/locations.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

namespace {

std::string checkpoint(const std::string& name) {
  return (lmc::test::reference_folder() / "checkpoints" / name).string();
}

} // namespace

CATCH_TEST_CASE("lmc convert makes a weights file that lmc predict takes") {
  const TemporaryFolder folder;
  const std::string weights = (folder.path() / "g.safetensors").string();
  const ProcessResult result = run("lmc", {"convert", checkpoint("generator_small.pth"), "-o",
                                           weights, "--architecture", "generator"});
  CATCH_INFO(result.err);
  CATCH_REQUIRE(result.exit_code == 0);
  CATCH_CHECK(result.out == weights +
                                ": generator (8 filters, 2 blocks, instance norm), 38 "
                                "tensors, sha256 " +
                                lmc::sha256_of_file(weights) + "\n");
  CATCH_CHECK(lmc::model::load_weights(weights).trained);

  const std::string input = write_sample(folder.path() / "a.tif");
  const ProcessResult predicted =
      run("lmc", {"predict", "-i", input, "-o", (folder.path() / "out").string(), "-m", weights,
                  "--organelles", "nucleus", "--preset", "fast", "--device", "cpu"});
  CATCH_CHECK(predicted.exit_code == 0);
  CATCH_CHECK(predicted.err.find("untrained") == std::string::npos);
}

CATCH_TEST_CASE("lmc convert keeps an existing file unless told otherwise") {
  const TemporaryFolder folder;
  const std::string weights = folder.file("g.safetensors", "before").string();
  const std::vector<std::string> words{"convert", checkpoint("generator_small.pth"), "-o", weights};
  const ProcessResult refused = run("lmc", words);
  CATCH_CHECK(refused.exit_code == 6);
  CATCH_CHECK_THAT(refused.last_error_line(), StartsWith("error[E602] "));
  CATCH_CHECK(content_of(weights) == "before");
  std::vector<std::string> overwrite = words;
  overwrite.emplace_back("--overwrite");
  CATCH_CHECK(run("lmc", overwrite).exit_code == 0);
}

CATCH_TEST_CASE("lmc convert takes an architecture from a JSON file and names what differs") {
  const TemporaryFolder folder;
  const std::string weights = (folder.path() / "g.safetensors").string();
  const auto convert = [&](const std::string& record) {
    return run("lmc", {"convert", checkpoint("generator_small.pth"), "-o", weights,
                       "--architecture", folder.file("a.json", record).string()});
  };
  const ProcessResult other = convert(R"({"network": "generator", "filters": 8, "blocks": 3})");
  CATCH_CHECK(other.exit_code == 4);
  CATCH_CHECK_THAT(other.last_error_line(),
                   StartsWith("error[E404] ") && Contains("4 missing tensors"));
  CATCH_CHECK(convert("{").exit_code == 2);
  CATCH_CHECK_FALSE(fs::exists(weights));
  CATCH_CHECK(convert(R"({"network": "generator", "filters": 8, "blocks": 2})").exit_code == 0);
}

CATCH_TEST_CASE("fault 45: lmc convert executes nothing and writes nothing of a hostile file") {
  const TemporaryFolder folder;
  for (const char* const name : {"hostile.pth", "hostile_eval.pth", "hostile_legacy.pth"}) {
    const ProcessResult result = run("lmc", {"convert", checkpoint(name), "-o", "x.safetensors"},
                                     {.working_folder = folder.path()});
    CATCH_CHECK(result.exit_code == 4);
    CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E403] "));
    CATCH_CHECK(folder.entries() == 0);
  }
}
