// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/grand_challenge.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using lmc::test::TemporaryFolder;

namespace {

constexpr const char* image_folder = "images/organelles-transmitted-light-ome-tiff";

constexpr const char* inputs_json = R"([
  {"file": null, "image": {"name": "plate 7.ome.tiff", "pk": "x"}, "value": null,
   "socket": {"slug": "organelles-transmitted-light-ome-tiff",
              "relative_path": "images/organelles-transmitted-light-ome-tiff"}}])";

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream{file} << "x";
}

} // namespace

CATCH_TEST_CASE("the case's image is found through inputs.json") {
  const TemporaryFolder input;
  static_cast<void>(input.file("inputs.json", inputs_json));
  touch(input.path() / image_folder / "0d1e.tiff");
  const auto found = lmc::app::find_case(input.path());
  CATCH_CHECK(found.image == input.path() / image_folder / "0d1e.tiff");
  CATCH_CHECK(found.uploaded_name == "plate 7.ome.tiff");
}

CATCH_TEST_CASE("the older name of a socket is understood") {
  const TemporaryFolder input;
  std::string older{inputs_json};
  older.replace(older.find("socket"), 6, "interface");
  static_cast<void>(input.file("inputs.json", older));
  touch(input.path() / image_folder / "0d1e.tiff");
  CATCH_CHECK(lmc::app::find_case(input.path()).uploaded_name == "plate 7.ome.tiff");
}

CATCH_TEST_CASE("without inputs.json the folder decides") {
  const TemporaryFolder input;
  touch(input.path() / image_folder / "0d1e.tiff");
  touch(input.path() / image_folder / ".DS_Store");
  CATCH_CHECK(lmc::app::find_case(input.path()).uploaded_name == "0d1e.tiff");
}

CATCH_TEST_CASE("images are what lmc predict takes for images") {
  for (const char* const name : {"a.nii", "a.nii.gz", "a.OME.BTF", "a.mhd"}) {
    const TemporaryFolder input;
    touch(input.path() / image_folder / name);
    touch(input.path() / image_folder / "notes.gz");
    CATCH_CHECK(lmc::app::find_case(input.path()).uploaded_name == name);
  }
}

CATCH_TEST_CASE("an input folder that is a symlink works") {
  const TemporaryFolder input;
  touch(input.path() / "real" / image_folder / "0d1e.tiff");
  fs::create_directory_symlink(input.path() / "real", input.path() / "link");
  CATCH_CHECK(fs::exists(lmc::app::find_case(input.path() / "link").image));
}

CATCH_TEST_CASE("no image and two images are errors that list what is there") {
  const TemporaryFolder input;
  touch(input.path() / "images" / "elsewhere" / "a.tiff");
  CATCH_CHECK_THROWS_WITH(lmc::app::find_case(input.path()),
                          Contains("error[E308]") && Contains("no image") &&
                              Contains("images/elsewhere/a.tiff"));
  touch(input.path() / image_folder / "1.tiff");
  touch(input.path() / image_folder / "2.tiff");
  CATCH_CHECK_THROWS_WITH(lmc::app::find_case(input.path()), Contains("2 images"));
}

CATCH_TEST_CASE("an inputs.json that cannot be used is named") {
  const TemporaryFolder input;
  static_cast<void>(input.file("inputs.json", "{"));
  CATCH_CHECK_THROWS_WITH(lmc::app::find_case(input.path()),
                          Contains("error[E304]") && Contains("malformed JSON"));
  static_cast<void>(input.file("inputs.json", "[]"));
  CATCH_CHECK_THROWS_WITH(lmc::app::find_case(input.path()), Contains("names no socket"));
  static_cast<void>(input.file(
      "inputs.json",
      R"([{"socket": {"slug": "organelles-transmitted-light-ome-tiff", "relative_path": "../x"}}])"));
  CATCH_CHECK_THROWS_WITH(lmc::app::find_case(input.path()), Contains("leaves the input folder"));
}

CATCH_TEST_CASE("outputs carry the input's name with the suffix .tiff") {
  const TemporaryFolder output;
  const auto files = lmc::app::prepare_outputs(output.path(), "/input/images/x/0d1e.tif");
  CATCH_CHECK(files[lmc::Organelle::mitochondria] ==
              output.path() / "images/mitochondria-fluorescence-ome-tiff/0d1e.tiff");
  CATCH_CHECK(files[lmc::Organelle::actin] ==
              output.path() / "images/actin-fluorescence-ome-tiff/0d1e.tiff");
}

CATCH_TEST_CASE("an output folder that is not empty is refused") {
  const TemporaryFolder output;
  touch(output.path() / "images/nucleus-fluorescence-ome-tiff/old.tiff");
  CATCH_CHECK_THROWS_WITH(lmc::app::prepare_outputs(output.path(), "0d1e.tiff"),
                          Contains("error[E602]") && Contains("not empty"));
}

CATCH_TEST_CASE("an output folder that cannot be made is found before anything runs") {
  const TemporaryFolder output;
  const auto file = output.file("file", "");
  CATCH_CHECK_THROWS_WITH(lmc::app::prepare_outputs(file, "0d1e.tiff"), Contains("error[E601]"));
}

CATCH_TEST_CASE("uploaded models win over built-in ones if there are any") {
  const TemporaryFolder models;
  CATCH_CHECK(lmc::app::choose_models(models.path(), "/built/in") == "/built/in");
  CATCH_CHECK(lmc::app::choose_models("/no/such/folder", "/built/in") == "/built/in");
  static_cast<void>(models.file("manifest.json", "{}"));
  CATCH_CHECK(lmc::app::choose_models(models.path(), "/built/in") == models.path());
}
