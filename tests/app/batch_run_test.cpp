// SPDX-License-Identifier: Apache-2.0
// What a batch does when something goes wrong in the middle.
#include "tests/support/process.hpp"
#include "tests/app/samples.hpp"

#include "image/tiff_reader.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

namespace {

std::vector<std::string> arguments_for(const TemporaryFolder& folder) {
  return {"predict",
          "-i",
          (folder.path() / "in").string(),
          "-o",
          (folder.path() / "out").string(),
          "-m",
          (folder.path() / "model").string(),
          "--device",
          "cpu",
          "--preset",
          "fast"};
}

/// Every prediction in the folder is complete: all its pixels can be read.
void check_outputs_complete(const fs::path& folder, std::size_t pixels) {
  for (const std::string& name : files_below(folder)) {
    CATCH_INFO(name);
    CATCH_CHECK_FALSE(fs::path{name}.filename().string().starts_with('.'));
    if (name.ends_with(".tiff")) {
      lmc::image::TiffReader reader{folder / name, {}};
      CATCH_CHECK(reader.read_page(0).bytes.size() == 2 * pixels);
    }
  }
}

constexpr int images = 6;

void write_batch(const TemporaryFolder& folder) {
  write_tiny_models(folder.path() / "model");
  for (int i = 0; i < images; ++i) {
    write_sample(folder.path() / "in" / (std::to_string(i) + ".tif"),
                 {.height = 100, .width = 100, .seed = static_cast<std::uint32_t>(i)});
  }
}

/// Ends a batch in its second image, then finishes it with --resume.
nlohmann::json interrupted_and_resumed(const TemporaryFolder& folder, int signal, int exit_code) {
  Process batch{"lmc", arguments_for(folder)};
  CATCH_REQUIRE(batch.wait_for_error_text(".tif done in "));
  batch.send(signal);
  const ProcessResult result = batch.finish();
  CATCH_CHECK(result.exit_code == exit_code);
  check_outputs_complete(folder.path() / "out", 100 * 100);
  CATCH_CHECK(files_below(folder.path() / "out").size() < 4 * images);
  nlohmann::json summary;
  if (fs::exists(folder.path() / "out" / "summary.json")) {
    summary = json_of(folder.path() / "out" / "summary.json");
  }

  std::vector<std::string> resume = arguments_for(folder);
  resume.emplace_back("--resume");
  const ProcessResult resumed = run("lmc", resume);
  CATCH_INFO(resumed.err);
  CATCH_CHECK(resumed.exit_code == 0);
  CATCH_CHECK_THAT(resumed.err, Contains("skipped: its outputs exist"));
  check_outputs_complete(folder.path() / "out", 100 * 100);
  CATCH_CHECK(files_below(folder.path() / "out").size() == 4 * images + 2);
  return summary;
}

} // namespace

CATCH_TEST_CASE("one bad image of a batch ends with 7, the others are done") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  write_sample(folder.path() / "in" / "a.tif");
  write_sample(folder.path() / "in" / "c.tif");
  std::ofstream{folder.path() / "in" / "b.tif"} << "<html>not found</html>";
  const ProcessResult result = run("lmc", arguments_for(folder));
  CATCH_CHECK(result.exit_code == 7);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E701] ") &&
                                                 Contains("1 of 3 images failed") &&
                                                 Contains("see summary.json"));
  CATCH_CHECK_THAT(result.err, Contains("b.tif error[E303]") && Contains("an HTML page"));
  CATCH_CHECK(files_below(folder.path() / "out").size() == 2 * 4 + 2);
  const nlohmann::json summary = json_of(folder.path() / "out" / "summary.json");
  CATCH_CHECK(summary.at("status") == "failed");
  CATCH_CHECK(summary.at("counts").at("done") == 2);
  CATCH_CHECK(summary.at("images").at(1).at("error").at("code") == "E303");
  CATCH_CHECK(summary.at("images").at(1).at("outputs").empty());
}

CATCH_TEST_CASE("a single image ends with its own code") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  fs::create_directories(folder.path() / "in");
  std::ofstream{folder.path() / "in" / "b.tif"} << "";
  const ProcessResult result = run("lmc", arguments_for(folder));
  CATCH_CHECK(result.exit_code == 3);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E302] ") && Contains("empty file"));
}

CATCH_TEST_CASE("fault 41: SIGTERM and SIGINT leave whole files only, --resume does the rest") {
  for (const int signal : {SIGTERM, SIGINT}) {
    const TemporaryFolder folder;
    write_batch(folder);
    const nlohmann::json summary = interrupted_and_resumed(folder, signal, 128 + signal);
    CATCH_CHECK(summary.at("counts").at("done") >= 1);
  }
}

CATCH_TEST_CASE("fault 41: SIGKILL leaves whole files only, --resume does the rest") {
  const TemporaryFolder folder;
  write_batch(folder);
  static_cast<void>(interrupted_and_resumed(folder, SIGKILL, 128 + SIGKILL));
}

CATCH_TEST_CASE("fault 40: a full disk ends with 6 and leaves no part of an image") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  write_sample(folder.path() / "in" / "a.tif", {.height = 300, .width = 300});
  const ProcessResult result = run("lmc", arguments_for(folder), {.largest_file_bytes = 5000});
  CATCH_CHECK(result.exit_code == 6);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E603] "));
  CATCH_CHECK(files_below(folder.path() / "out") ==
              std::vector<std::string>{"summary.csv", "summary.json"});
}
