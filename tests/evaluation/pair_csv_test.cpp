// SPDX-License-Identifier: Apache-2.0
#include "evaluation/pair_csv.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::evaluation;
using Catch::Contains;

CATCH_TEST_CASE("a table lists pairs, its columns in any order") {
  const test::TemporaryFolder folder;
  static_cast<void>(folder.file("t.tif", "x"));
  const auto table = folder.file("pairs.csv", "organelle,truth,prediction,input,focus_deviation,"
                                              "modality\nNucleus,t.tif,/p/a.tif,i.tif,2,PC\n"
                                              "actin,none.tif,b.tif,,,\nactin,,c.tif,,,\n");
  const PairList list = pairs_in_csv(table);
  CATCH_REQUIRE(list.pairs.size() == 1);
  const Pair& pair = list.pairs.front();
  CATCH_CHECK(pair.prediction == "/p/a.tif");
  CATCH_CHECK(pair.truth == folder.path() / "t.tif");
  CATCH_CHECK(pair.input == folder.path() / "i.tif");
  CATCH_CHECK(pair.organelle == Organelle::nucleus);
  CATCH_CHECK(pair.modality == Modality::phase_contrast);
  CATCH_CHECK(pair.focus_deviation == 2.0);
  CATCH_REQUIRE(list.skipped.size() == 2);
  CATCH_CHECK_THAT(list.skipped[0].reason, Contains("none.tif"));
  CATCH_CHECK(list.skipped[1].reason == "the table names no truth");
}

CATCH_TEST_CASE("tables of pairs that mean nothing are refused with their line") {
  const test::TemporaryFolder folder;
  const auto reading = [&](const std::string& text) {
    return [file = folder.file("p.csv", text)] { static_cast<void>(pairs_in_csv(file)); };
  };
  CATCH_CHECK_THROWS_WITH(reading("prediction,truth\n")(), Contains("\"organelle\" is missing"));
  CATCH_CHECK_THROWS_WITH(reading("prediction,truth,organelle,focus\n")(),
                          Contains("column \"focus\" is not known"));
  CATCH_CHECK_THROWS_WITH(reading("prediction,truth,organelle\na,b,golgi\n")(),
                          Contains("line 2: organelle \"golgi\""));
  CATCH_CHECK_THROWS_WITH(reading("prediction,truth,organelle,modality\na,b,actin,X\n")(),
                          Contains("line 2: modality \"X\""));
  CATCH_CHECK_THROWS_WITH(reading("prediction,truth,organelle,focus_deviation\na,b,actin,-1\n")(),
                          Contains("focus_deviation \"-1\""));
}
