// SPDX-License-Identifier: Apache-2.0
#include "training/data/data_check.hpp"

#include "common/error.hpp"
#include "images.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace lmc;
using namespace lmc::training;
using lmc::test::TemporaryFolder;
using training::test::write_image;
using training::test::write_ramp;

namespace {

/// A field with one good plane and a nucleus of 40 x 48 pixels.
Field good_field(const std::filesystem::path& folder, const std::string& name) {
  Field field;
  field.name = name;
  field.modality = Modality::bright_field;
  field.planes.push_back({.path = write_ramp(folder / (name + "_light.tif"), 40, 48)});
  field.labels[Organelle::nucleus] = write_ramp(folder / (name + "_nucleus.tif"), 40, 48);
  return field;
}

std::filesystem::path cut_off(const std::filesystem::path& file) {
  std::filesystem::resize_file(write_ramp(file, 40, 48), 400);
  return file;
}

struct Checked {
  std::vector<Field> fields;
  std::vector<DataProblem> problems;
};

Checked checked(std::vector<Field> fields, int threads = 2, Index crop = 32) {
  PlaneCache cache{1U << 20U, model::InputNormalization::none};
  std::vector<DataProblem> problems = check_files(fields, cache, crop, threads);
  return {std::move(fields), std::move(problems)};
}

} // namespace

CATCH_TEST_CASE("unusable planes and labels are taken out and the rest is kept") {
  const TemporaryFolder folder;
  const auto zero = [](std::size_t, std::size_t) { return 0; };
  Field field = good_field(folder.path(), "a");
  field.planes.push_back({.path = write_image(folder.path() / "zero.tif", 40, 48, zero)});
  field.planes.push_back({.path = cut_off(folder.path() / "cut.tif")});
  field.planes.push_back({.path = write_ramp(folder.path() / "other.tif", 48, 40)});
  field.labels[Organelle::actin] = folder.path() / "absent.tif";
  const Checked found = checked({field});
  CATCH_REQUIRE(found.fields.size() == 1);
  CATCH_CHECK(found.fields[0].planes.size() == 1);
  CATCH_CHECK(found.fields[0].labels[Organelle::nucleus].has_value());
  CATCH_CHECK_FALSE(found.fields[0].labels[Organelle::actin].has_value());
  CATCH_REQUIRE(found.problems.size() == 4);
  CATCH_CHECK_THAT(found.problems[0].reason, Catch::Contains("all pixels are zero"));
  CATCH_CHECK(found.problems[1].file.filename() == "cut.tif");
  CATCH_CHECK_THAT(found.problems[2].reason,
                   Catch::Contains("48 x 40") && Catch::Contains("40 x 48"));
  CATCH_CHECK(found.problems[3].file.filename() == "absent.tif");
}

CATCH_TEST_CASE("a field without a usable plane or label is left out") {
  const TemporaryFolder folder;
  Field no_plane = good_field(folder.path(), "a");
  no_plane.planes[0].path = folder.path() / "absent.tif";
  Field no_label = good_field(folder.path(), "b");
  no_label.labels[Organelle::nucleus] = cut_off(folder.path() / "cut.tif");
  const Checked found = checked({no_plane, no_label, good_field(folder.path(), "c")});
  CATCH_REQUIRE(found.fields.size() == 1);
  CATCH_CHECK(found.fields[0].name == "c");
}

CATCH_TEST_CASE("what a crop does not fit into is left out, with its held-out part") {
  const TemporaryFolder folder;
  Field field = good_field(folder.path(), "a");
  CATCH_CHECK(checked({field}, 1, 40).fields.size() == 1);
  CATCH_CHECK(checked({field}, 1, 41).fields.empty());
  field.hold_out = HoldOut::right_quarter; // 36 columns are left
  CATCH_CHECK(checked({field}, 1, 36).fields.size() == 1);
  CATCH_CHECK(checked({field}, 1, 37).fields.empty());
}

CATCH_TEST_CASE("the result does not depend on the number of threads") {
  const TemporaryFolder folder;
  std::vector<Field> fields;
  for (const char* const name : {"a", "b", "c", "d", "e"}) {
    fields.push_back(good_field(folder.path(), name));
  }
  for (const std::size_t i : {1U, 3U}) {
    fields[i].planes.push_back({.path = folder.path() / (fields[i].name + "_absent.tif")});
  }
  const Checked one = checked(fields, 1);
  const Checked four = checked(fields, 4);
  CATCH_REQUIRE(one.problems.size() == 2);
  CATCH_REQUIRE(four.problems.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CATCH_CHECK(one.problems[i].file == four.problems[i].file);
  }
}

CATCH_TEST_CASE("three bad files are allowed, more only within the fraction") {
  const std::vector<DataProblem> three(3, {"bad.tif", "is cut off"});
  const std::vector<DataProblem> four(4, {"bad.tif", "is cut off"});
  CATCH_CHECK_NOTHROW(report_problems(three, 4, 0.01));
  CATCH_CHECK_NOTHROW(report_problems(four, 400, 0.01));
  CATCH_CHECK_THROWS_WITH(report_problems(four, 399, 0.01),
                          Catch::Contains("4 of 399") && Catch::Contains("bad.tif") &&
                              Catch::Contains("max_bad_fraction"));
}
