// SPDX-License-Identifier: Apache-2.0
// The container's program as the platform runs it: files in, files, exit code and last line out.
#include "tests/app/samples.hpp"
#include "tests/support/locations.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using namespace lmc::test;

namespace {

constexpr const char* image_folder = "images/organelles-transmitted-light-ome-tiff";

/// Folders as the platform mounts them, with tiny models.
class Platform {
public:
  Platform() {
    fs::create_directories(input() / image_folder);
    fs::create_directories(output());
    write_tiny_models(models());
  }

  [[nodiscard]] fs::path input() const { return folder_.path() / "input"; }
  [[nodiscard]] fs::path output() const { return folder_.path() / "output"; }
  [[nodiscard]] fs::path models() const { return folder_.path() / "model"; }
  [[nodiscard]] fs::path image(const std::string& name) const {
    return input() / image_folder / name;
  }
  [[nodiscard]] fs::path organelle(const std::string& name, const std::string& file) const {
    return output() / "images" / (name + "-fluorescence-ome-tiff") / file;
  }
  [[nodiscard]] nlohmann::json summary() const { return json_of(output() / "summary.json"); }

  [[nodiscard]] ProcessResult run(const ProcessSettings& settings = {}) const {
    return lmc::test::run(
        "light-my-cells",
        {"--input", input().string(), "--output", output().string(), "--model", models().string()},
        settings);
  }

private:
  TemporaryFolder folder_;
};

const std::vector<std::string> organelles{"mitochondria", "nucleus", "tubulin", "actin"};

} // namespace

CATCH_TEST_CASE("light-my-cells writes four images and a summary") {
  const Platform platform;
  write_sample(platform.image("0d1e.tiff"), {.channel = "DIC"});
  const ProcessResult result = platform.run();
  CATCH_INFO(result.err);
  CATCH_REQUIRE(result.exit_code == 0);
  CATCH_CHECK(files_below(platform.output()) ==
              std::vector<std::string>{"images/actin-fluorescence-ome-tiff/0d1e.tiff",
                                       "images/mitochondria-fluorescence-ome-tiff/0d1e.tiff",
                                       "images/nucleus-fluorescence-ome-tiff/0d1e.tiff",
                                       "images/tubulin-fluorescence-ome-tiff/0d1e.tiff",
                                       "summary.json"});
  for (const std::string& organelle : organelles) {
    CATCH_CHECK(pixels_of(platform.organelle(organelle, "0d1e.tiff")).size() == 24 * 40);
  }
  const nlohmann::json summary = platform.summary();
  CATCH_CHECK(summary.at("program") == "light-my-cells");
  CATCH_CHECK(summary.at("status") == "done");
  CATCH_CHECK(summary.at("preset") == "paper");
  CATCH_CHECK(summary.at("windows").at("overlap") == 0.8);
  CATCH_CHECK(summary.at("models").size() == 4);
  const nlohmann::json& image = summary.at("images").at(0);
  CATCH_CHECK(image.at("modality") == "DIC");
  CATCH_CHECK(image.at("outputs").at("nucleus").at("model") == "dic.safetensors");
  CATCH_CHECK(image.at("outputs").at("actin").at("model") == "unified.safetensors");
  CATCH_CHECK_THAT(image.at("warnings").dump(), Contains("untrained"));
}

CATCH_TEST_CASE("light-my-cells uses an uploaded model folder, else the built-in models") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  CATCH_REQUIRE(platform.run().exit_code == 0);
  const std::string architecture = platform.summary().at("models").at(0).at("architecture");
  CATCH_CHECK_THAT(architecture, Contains("1 filters, 1 blocks"));

  // An empty folder, as when no archive was uploaded: the models of weights/.
  fs::remove_all(platform.models());
  fs::create_directories(platform.models());
  fs::remove_all(platform.output());
  fs::create_directories(platform.output());
  fs::remove(platform.image("a.tiff"));
  // Found missing after the models were chosen and listed.
  CATCH_CHECK(platform.run().exit_code == 3);
  const nlohmann::json built_in = json_of(lmc::test::source_folder() / "weights" / "manifest.json");
  for (const nlohmann::json& model : platform.summary().at("models")) {
    CATCH_CHECK(model.at("sha256") ==
                built_in.at("models").at(model.at("role").get<std::string>()).at("sha256"));
  }
}

CATCH_TEST_CASE("fault 36: no image and two images end with 3 and a listing") {
  const Platform platform;
  ProcessResult result = platform.run();
  CATCH_CHECK(result.exit_code == 3);
  CATCH_CHECK_THAT(result.last_error_line(),
                   StartsWith("error[E308] ") && Contains("no image where one case has exactly"));
  CATCH_CHECK(platform.summary().at("error").at("message") == result.last_error_line());

  write_sample(platform.image("1.tiff"));
  write_sample(platform.image("2.tiff"));
  result = platform.run();
  CATCH_CHECK(result.exit_code == 3);
  CATCH_CHECK_THAT(result.last_error_line(),
                   Contains("2 images") && Contains("1.tiff") && Contains("2.tiff"));
}

CATCH_TEST_CASE("fault 37: a link to an image works, a directory in its place is rejected") {
  const Platform platform;
  const TemporaryFolder elsewhere;
  write_sample(elsewhere.path() / "real.tiff");
  fs::create_symlink(elsewhere.path() / "real.tiff", platform.image("new\nline \xc2\xb5.tiff"));
  const ProcessResult linked = platform.run();
  CATCH_INFO(linked.err);
  CATCH_CHECK(linked.exit_code == 0);
  CATCH_CHECK(fs::exists(platform.organelle("actin", "new\nline \xc2\xb5.tiff")));
  CATCH_CHECK(platform.summary().at("images").at(0).at("input") ==
              platform.image("new\nline \xc2\xb5.tiff").string());

  const Platform other;
  fs::create_directories(other.image("x.tiff"));
  const ProcessResult directory = other.run();
  CATCH_CHECK(directory.exit_code == 3);
  CATCH_CHECK_THAT(directory.last_error_line(),
                   StartsWith("error[E301] ") && Contains("is a directory, not an image file"));
}

CATCH_TEST_CASE("fault 38: an unreadable image is rejected, nothing is left half written") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  fs::permissions(platform.image("a.tiff"), fs::perms::none);
  const ProcessResult result = platform.run();
  CATCH_CHECK(result.exit_code == 3);
  CATCH_CHECK_THAT(result.last_error_line(),
                   StartsWith("error[E301] ") && Contains("Permission denied"));
  CATCH_CHECK(files_below(platform.output()) == std::vector<std::string>{"summary.json"});
  CATCH_CHECK(platform.summary().at("status") == "failed");
}

CATCH_TEST_CASE("fault 39: an output folder that cannot be written ends with 6") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  fs::permissions(platform.output(), fs::perms::owner_read | fs::perms::owner_exec);
  const ProcessResult result = platform.run();
  fs::permissions(platform.output(), fs::perms::owner_all);
  CATCH_CHECK(result.exit_code == 6);
  CATCH_CHECK_THAT(result.last_error_line(),
                   StartsWith("error[E601] ") && Contains("Permission denied"));
  CATCH_CHECK(files_below(platform.output()).empty());
}

CATCH_TEST_CASE("fault 40: a full disk ends with 6 and leaves no output") {
  const Platform platform;
  write_sample(platform.image("a.tiff"), {.height = 200, .width = 200});
  const ProcessResult result = platform.run({.largest_file_bytes = 4000});
  CATCH_CHECK(result.exit_code == 6);
  CATCH_CHECK_THAT(result.last_error_line(),
                   StartsWith("error[E603] ") && Contains("free disk space"));
  CATCH_CHECK(files_below(platform.output()).empty());
}

CATCH_TEST_CASE("fault 42: an output folder that holds images is refused before inference") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  write_sample(platform.organelle("nucleus", "old.tiff"));
  const ProcessResult result = platform.run();
  CATCH_CHECK(result.exit_code == 6);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E602] ") && Contains("not empty"));
}

CATCH_TEST_CASE("fault 43: models that are missing, changed or cut end with 4 before any image") {
  const Platform platform; // without an image: its absence is not reached
  const fs::path file = platform.models() / "dic.safetensors";
  const std::string whole = content_of(file);
  const auto last_line = [&] {
    const ProcessResult result = platform.run();
    CATCH_CHECK(result.exit_code == 4);
    CATCH_CHECK(platform.summary().at("error").at("message") == result.last_error_line());
    return result.last_error_line();
  };
  std::ofstream{file, std::ios::binary} << whole.substr(0, whole.size() / 2);
  CATCH_CHECK_THAT(last_line(), StartsWith("error[E402] ") && Contains("dic.safetensors"));
  std::string changed = whole;
  changed.back() = static_cast<char>(changed.back() + 1);
  std::ofstream{file, std::ios::binary} << changed;
  CATCH_CHECK_THAT(last_line(), StartsWith("error[E402] ") && Contains("SHA-256"));
  fs::remove(file);
  CATCH_CHECK_THAT(last_line(), StartsWith("error[E401] ") && Contains("no such file"));
  fs::remove(platform.models() / "manifest.json");
  CATCH_CHECK_THAT(last_line(), StartsWith("error[E401] ") && Contains("manifest.json"));
}

CATCH_TEST_CASE("fault 21: an image of zeros is predicted with a warning") {
  const Platform platform;
  {
    std::ofstream file{platform.image("zero.mha"), std::ios::binary};
    file << "ObjectType = Image\nNDims = 2\nDimSize = 30 20\nElementType = MET_USHORT\n"
            "ElementDataFile = LOCAL\n"
         << std::string(30 * 20 * 2, '\0');
  }
  const ProcessResult result = platform.run();
  CATCH_INFO(result.err);
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK_THAT(result.err, Contains("constant image"));
  CATCH_CHECK(pixels_of(platform.organelle("nucleus", "zero.tiff")).size() == 600);
}

CATCH_TEST_CASE("fault 51: no HOME, no temporary folder and no passwd entry change nothing") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  CATCH_REQUIRE(platform.run().exit_code == 0);
  const auto expected = pixels_of(platform.organelle("nucleus", "a.tiff"));

  ProcessSettings bare{.environment = {"HOME=/nonexistent", "TMPDIR=/nonexistent"}};
  if (geteuid() == 0) {
    bare.user = 54321;
    fs::permissions(platform.input().parent_path(), fs::perms::all);
  }
  fs::remove_all(platform.output());
  fs::create_directories(platform.output());
  fs::permissions(platform.output(), fs::perms::all);
  const ProcessResult result = platform.run(bare);
  if (result.exit_code == 127) {
    CATCH_WARN("skipped: the programs lie where other users may not go");
    return;
  }
  CATCH_INFO(result.err);
  CATCH_CHECK(result.exit_code == 0);
  CATCH_CHECK(pixels_of(platform.organelle("nucleus", "a.tiff")) == expected);
}

CATCH_TEST_CASE("fault 52: there are no more threads than processors may be used") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  CATCH_REQUIRE(platform.run().exit_code == 0);
  CATCH_CHECK(platform.summary().at("threads") == 1);
}

CATCH_TEST_CASE("fault 53: numbers have a decimal point whatever the locale") {
  const Platform platform;
  write_sample(platform.image("a.tiff"));
  CATCH_REQUIRE(
      platform.run({.environment = {"LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8"}}).exit_code == 0);
  CATCH_CHECK(platform.summary().at("images").at(0).at("pixel_size_um").at("x") == 0.1);
  CATCH_CHECK_THAT(content_of(platform.organelle("actin", "a.tiff")),
                   Contains("PhysicalSizeX=\"0.1\""));
}

CATCH_TEST_CASE("light-my-cells explains itself and refuses unknown options") {
  CATCH_CHECK_THAT(run("light-my-cells", {"--help"}).out,
                   Contains("--input") && Contains("/opt/ml/model"));
  const ProcessResult result = run("light-my-cells", {"--window", "256"});
  CATCH_CHECK(result.exit_code == 2);
  CATCH_CHECK_THAT(result.last_error_line(), StartsWith("error[E201] ") && Contains("--window"));
}
