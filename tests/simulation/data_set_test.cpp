// SPDX-License-Identifier: Apache-2.0
#include "simulation/data_set.hpp"

#include "common/records/json.hpp"
#include "image/input_image.hpp"
#include "simulation/study.hpp"
#include "tests/image/failure.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace {

using namespace lmc::simulation;
using lmc::ErrorCode;
using lmc::Organelle;
using lmc::test::TemporaryFolder;

namespace fs = std::filesystem;

/// Four small fields of two studies.
SimulationOptions small_options() {
  SimulationOptions options;
  options.fields = 4;
  options.fields_per_study = 2;
  options.size = 64;
  options.planes = 2;
  options.studies.resize(2);
  options.studies[1].modality = lmc::Modality::dic;
  options.studies[1].labels = {Organelle::tubulin};
  for (StudySettings& study : options.studies) {
    study.optics.pixel_um = 0.2;
  }
  return options;
}

std::vector<std::uint16_t> pixels_of(const fs::path& file) {
  return lmc::image::read_transmitted_light(file).pixels.pixels();
}

} // namespace

CATCH_TEST_CASE("files are named as in the public set, ids count on over the studies") {
  const SimulationOptions options = small_options();
  const auto fields = plan_fields(options, studies_of(options));
  CATCH_REQUIRE(fields.size() == 4);
  CATCH_CHECK(fields[0].planes == std::vector<fs::path>{"Study_1/image_1_BF_z0.ome.tiff",
                                                        "Study_1/image_1_BF_z1.ome.tiff"});
  CATCH_CHECK(fields[3].planes.front() == "Study_2/image_4_DIC_z0.ome.tiff");
  CATCH_REQUIRE(fields[0].labels.size() == 2);
  CATCH_CHECK(fields[0].labels[0].second == "Study_1/image_1_Mitochondria.ome.tiff");
  CATCH_CHECK(fields[0].labels[1].second == "Study_1/image_1_Nucleus.ome.tiff");
  CATCH_REQUIRE(fields[3].labels.size() == 1);
  CATCH_CHECK(fields[3].labels[0].second == "Study_2/image_4_Tubulin.ome.tiff");
}

CATCH_TEST_CASE("all labels on request, also those the study lacks") {
  SimulationOptions options = small_options();
  options.all_labels = true;
  for (const PlannedField& field : plan_fields(options, studies_of(options))) {
    CATCH_CHECK(field.labels.size() == lmc::organelle_count);
  }
}

CATCH_TEST_CASE("a data set has its files, and the same pixels whatever the number of threads") {
  const SimulationOptions options = small_options();
  const TemporaryFolder one;
  const TemporaryFolder three;
  write_data_set(options, {.output = one.path(), .threads = 1});
  write_data_set(options, {.output = three.path(), .threads = 3});
  std::size_t files = 0;
  for (const PlannedField& field : plan_fields(options, studies_of(options))) {
    std::vector<fs::path> all = field.planes;
    for (const auto& [organelle, file] : field.labels) {
      all.push_back(file);
    }
    for (const fs::path& file : all) {
      CATCH_CAPTURE(file);
      const auto pixels = pixels_of(one.path() / file);
      CATCH_CHECK(pixels.size() == 64 * 64);
      CATCH_CHECK(pixels == pixels_of(three.path() / file));
      ++files;
    }
  }
  CATCH_CHECK(files == 14);
  for (const char* const name : {"fields.csv", "simulation.json"}) {
    CATCH_CHECK(lmc::test::content_of(one.path() / name) ==
                lmc::test::content_of(three.path() / name));
  }
}

CATCH_TEST_CASE("an image says what it is") {
  const SimulationOptions options = small_options();
  const TemporaryFolder folder;
  write_data_set(options, {.output = folder.path()});
  const auto plane =
      lmc::image::read_transmitted_light(folder.path() / "Study_2/image_3_DIC_z1.ome.tiff");
  CATCH_CHECK(plane.modality == lmc::Modality::dic);
  CATCH_REQUIRE(plane.pixel_um.has_value());
  CATCH_CHECK(plane.pixel_um.value().x_um == Approx(0.2));
  const std::string table = lmc::test::content_of(folder.path() / "fields.csv");
  CATCH_CHECK_THAT(table, Catch::Contains("Study_1/image_1_BF_z0.ome.tiff,1,1,BF,transmitted "
                                          "light,0,-0.400\n"));
  CATCH_CHECK_THAT(table,
                   Catch::Contains("Study_2/image_4_Tubulin.ome.tiff,2,4,DIC,tubulin,,0.000\n"));
}

CATCH_TEST_CASE("the record of a data set makes it again") {
  SimulationOptions options = small_options();
  options.studies.clear();
  options.fields = 2;
  const TemporaryFolder first;
  const TemporaryFolder second;
  write_data_set(options, {.output = first.path()});
  const auto record = lmc::read_json_file(first.path() / "simulation.json");
  write_data_set(options_from_json(record), {.output = second.path()});
  for (const PlannedField& field : plan_fields(options, studies_of(options))) {
    CATCH_CHECK(pixels_of(first.path() / field.planes[0]) ==
                pixels_of(second.path() / field.planes[0]));
  }
}

CATCH_TEST_CASE("what exists is replaced on request only") {
  const SimulationOptions options = small_options();
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "Study_1");
  const fs::path taken = folder.file("Study_1/image_2_Nucleus.ome.tiff", "mine");
  const auto cause = lmc::test::cause_of(
      ErrorCode::output_exists, [&] { write_data_set(options, {.output = folder.path()}); });
  CATCH_CHECK(cause == "the file exists");
  CATCH_CHECK_FALSE(fs::exists(folder.path() / "Study_1/image_1_BF_z0.ome.tiff"));
  write_data_set(options, {.output = folder.path(), .existing = lmc::Existing::replace});
  CATCH_CHECK(pixels_of(taken).size() == 64 * 64);
}

CATCH_TEST_CASE("a folder that cannot be made is named before anything is simulated") {
  const TemporaryFolder folder;
  const fs::path file = folder.file("taken", "a file");
  lmc::test::cause_of(ErrorCode::output_unwritable,
                      [&] { write_data_set(small_options(), {.output = file / "set"}); });
}
