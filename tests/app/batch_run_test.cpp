// SPDX-License-Identifier: Apache-2.0
// What a batch does when something goes wrong in the middle.
#include "tests/app/samples.hpp"
#include "tests/support/process.hpp"

#include "image/tiff/reader.hpp"

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
      lmc::image::TiffReader reader{lmc::image::OpenFile{folder / name}, {}};
      CATCH_CHECK(reader.read_page(0).bytes.size() == 2 * pixels);
    }
  }
}

/// Makes the pixels of a stack's last plane unreadable.
void damage_last_plane(const fs::path& stack) {
  std::string content = content_of(stack);
  const std::size_t pixels = content.rfind("\x78\x9c"); // where deflated data begin
  CATCH_REQUIRE(pixels != std::string::npos);
  content.replace(pixels + 2, 40, 40, '\xff');
  std::ofstream{stack, std::ios::binary} << content;
}

nlohmann::json without_time_and_place(nlohmann::json image) {
  for (const char* const key : {"seconds", "seconds_of", "outputs"}) {
    image.erase(key);
  }
  return image;
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

CATCH_TEST_CASE("a batch gives every image what it gives it alone, whatever fails beside it") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  const fs::path in = folder.path() / "in";
  write_sample(in / "a.tif", {.height = 60, .width = 90, .seed = 5});
  write_sample(in / "b.tif", {.height = 700, .width = 700});
  write_sample(in / "c.tif", {.z_planes = 3, .seed = 6});
  std::ofstream{in / "d.tif"} << "<html>not found</html>";
  write_sample(in / "e.tif", {.height = 600, .width = 520, .channel = "DIC", .seed = 7});
  write_sample(in / "f.tif", {.z_planes = 4, .seed = 8});
  damage_last_plane(in / "f.tif");
  write_sample(in / "g.tif", {.height = 30, .width = 30, .channel = "odd", .seed = 9});

  std::vector<std::string> arguments = arguments_for(folder);
  const ProcessResult together = run("lmc", arguments, {.one_processor = false});
  CATCH_INFO(together.err);
  CATCH_CHECK(together.exit_code == 7);
  const nlohmann::json all = json_of(folder.path() / "out" / "summary.json").at("images");
  CATCH_REQUIRE(all.size() == 7);
  CATCH_CHECK(all.at(3).at("error").at("code") == "E303");
  CATCH_CHECK(all.at(5).at("error").at("code") == "E304");
  std::size_t position = 0;
  std::size_t line = 0;
  for (const auto& image : all) {
    const std::string input = image.at("input");
    CATCH_INFO(input);
    CATCH_CHECK(fs::path{input}.stem() == std::string(1, static_cast<char>('a' + position++)));
    line = together.err.find("% " + input + ' ', line);
    CATCH_REQUIRE(line != std::string::npos);
    const std::string stem = fs::path{input}.stem().string();
    arguments[2] = input;
    arguments[4] = (folder.path() / ("alone_" + stem)).string();
    const ProcessResult result = run("lmc", arguments);
    const nlohmann::json alone = json_of(fs::path{arguments[4]} / "summary.json").at("images")[0];
    CATCH_CHECK(without_time_and_place(image) == without_time_and_place(alone));
    for (const auto& [organelle, output] : alone.at("outputs").items()) {
      CATCH_CHECK(
          content_without_uuid(folder.path() / "out" / (stem + '_' + organelle + ".ome.tiff")) ==
          content_without_uuid(output.at("file").get<std::string>()));
    }
  }
  CATCH_CHECK(files_below(folder.path() / "out").size() == 5 * 4 + 2);
}

CATCH_TEST_CASE("an image whose writing fails leaves nothing, those beside it are written") {
  const TemporaryFolder folder;
  write_tiny_models(folder.path() / "model");
  write_sample(folder.path() / "in" / "a.tif");
  write_sample(folder.path() / "in" / "b.tif", {.height = 600, .width = 600, .z_planes = 2});
  write_sample(folder.path() / "in" / "c.tif");
  const ProcessResult result =
      run("lmc", arguments_for(folder), {.largest_file_bytes = 60'000, .one_processor = false});
  CATCH_INFO(result.err);
  CATCH_CHECK(result.exit_code == 7);
  const nlohmann::json images = json_of(folder.path() / "out" / "summary.json").at("images");
  CATCH_REQUIRE(images.size() == 3);
  CATCH_CHECK(images.at(0).at("status") == "done");
  CATCH_CHECK(images.at(1).at("error").at("code") == "E603");
  CATCH_CHECK(images.at(1).at("outputs").empty());
  CATCH_CHECK(images.at(2).at("status") == "done");
  CATCH_CHECK(files_below(folder.path() / "out").size() == 2 * 4 + 2);
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
