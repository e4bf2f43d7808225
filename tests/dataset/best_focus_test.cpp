// SPDX-License-Identifier: Apache-2.0
#include "dataset/best_focus.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc::dataset;
using Catch::Contains;

CATCH_TEST_CASE("the middle plane is in focus unless the table says otherwise") {
  CATCH_CHECK(focus_deviation({}, "a", 0, {0, 1, 2, 3, 4}) == 2.0);
  CATCH_CHECK(focus_deviation({}, "a", 3, {0, 1, 2, 3}) == 1.0); // of four planes number 2
  CATCH_CHECK(focus_deviation({}, "a", 10, {10, 20, 40}) == 10.0);
  CATCH_CHECK(focus_deviation({{"a", 1.5}}, "a", 0, {0, 1, 2, 3, 4}) == 1.5);
  CATCH_CHECK(focus_deviation({{"a", 4}}, "a", 0, {0}) == 4.0);
  CATCH_CHECK_FALSE(focus_deviation({{"b", 4}}, "a", 0, {0}).has_value());
}

CATCH_TEST_CASE("best planes are read from CSV and JSON") {
  const lmc::test::TemporaryFolder folder;
  const BestFocus expected{{"image_1", 7}, {"image_2", 2.5}};
  CATCH_CHECK(read_best_focus(folder.file("a.csv", "field,best_z\nimage_1,7\nimage_2,2.5\n")) ==
              expected);
  CATCH_CHECK(read_best_focus(folder.file("a.json", R"({"image_1": 7, "image_2": 2.5})")) ==
              expected);
}

CATCH_TEST_CASE("tables that mean nothing are refused") {
  const lmc::test::TemporaryFolder folder;
  const auto reading = [&](const char* name, const char* text) {
    return [file = folder.file(name, text)] { static_cast<void>(read_best_focus(file)); };
  };
  CATCH_CHECK_THROWS_WITH(reading("a.csv", "field,z\n")(), Contains("not field,best_z"));
  CATCH_CHECK_THROWS_WITH(reading("b.csv", "field,best_z\nx,1e\n")(),
                          Contains("line 2: best_z \"1e\" is no number"));
  CATCH_CHECK_THROWS_WITH(reading("c.json", "[1]")(), Contains("no JSON object"));
  CATCH_CHECK_THROWS_WITH(reading("d.json", R"({"a": "1"})")(), Contains("\"a\" is no number"));
  CATCH_CHECK_THROWS_WITH(read_best_focus(folder.path() / "none.csv"), Contains("E301"));
}
