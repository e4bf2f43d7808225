// SPDX-License-Identifier: Apache-2.0
#include "dataset/pair_table.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::dataset;
using Catch::Contains;
using lmc::test::TemporaryFolder;

namespace {

Catalogue read(const TemporaryFolder& folder, const std::string& text) {
  return fields_in_table(folder.file("pairs.csv", text));
}

PairList read_pairs(const TemporaryFolder& folder, const std::string& text) {
  return pairs_in_table(folder.file("pairs.csv", text));
}

} // namespace

CATCH_TEST_CASE("a table of pairs becomes fields, with paths relative to the table") {
  const TemporaryFolder folder;
  const Catalogue found = read(folder, "\xef\xbb\xbfImage,modality,nucleus,actin,z\r\n"
                                       "\"a, 1.tif\",bf,n.tif,,3\r\n"
                                       "b.tif,PC,,act.tif,\r\n"
                                       "\r\n"
                                       "/data/c.tif,,n2.tif,,0\r\n");
  CATCH_CHECK(found.problems.empty());
  CATCH_REQUIRE(found.fields.size() == 3); // by name: act.tif, n.tif, n2.tif
  const Field& first = found.fields[1];
  CATCH_CHECK(first.name == "n.tif");
  CATCH_CHECK(first.modality == Modality::bright_field);
  CATCH_REQUIRE(first.planes.size() == 1);
  CATCH_CHECK(first.planes[0].path == folder.path() / "a, 1.tif");
  CATCH_CHECK(first.planes[0].z == 3);
  CATCH_CHECK(first.labels[Organelle::nucleus] == folder.path() / "n.tif");
  CATCH_CHECK_FALSE(first.labels[Organelle::actin].has_value());
  CATCH_CHECK(found.fields[0].modality == Modality::phase_contrast);
  CATCH_CHECK(found.fields[2].modality == Modality::unknown);
  CATCH_CHECK(found.fields[2].planes[0].path == "/data/c.tif");
}

CATCH_TEST_CASE("lines of one field are its focal planes, and their labels add up") {
  const TemporaryFolder folder;
  const Catalogue found = read(folder, "image,modality,nucleus,tubulin,field,z\n"
                                       "s.tif,PC,n.tif,,A,0\n"
                                       "s.tif,PC,n.tif,t.tif,A,1\n"
                                       "r.tif,PC,n.tif,,B,0\n");
  CATCH_REQUIRE(found.fields.size() == 2);
  CATCH_CHECK(found.fields[0].planes.size() == 2);
  CATCH_CHECK(found.fields[0].planes[1].z == 1);
  CATCH_CHECK(found.fields[0].labels[Organelle::tubulin].has_value());
  CATCH_CHECK_FALSE(found.fields[1].labels[Organelle::tubulin].has_value());
}

CATCH_TEST_CASE("a line that comes twice counts once, and adds its labels") {
  const TemporaryFolder folder;
  const Catalogue found = read(folder, "image,nucleus,actin,field\n"
                                       "a.tif,n.tif,,A\na.tif,n.tif,,A\na.tif,,act.tif,A\n");
  CATCH_REQUIRE(found.fields.size() == 1);
  CATCH_CHECK(found.fields[0].planes.size() == 1);
  CATCH_CHECK(found.fields[0].labels[Organelle::actin] == folder.path() / "act.tif");
  CATCH_REQUIRE(found.problems.size() == 1); // the last line tells something new
  CATCH_CHECK(found.problems[0].file.filename() == "a.tif");
  CATCH_CHECK(found.problems[0].reason == "line 3 lists it again");
}

CATCH_TEST_CASE("a line without a label is a problem, not an error") {
  const TemporaryFolder folder;
  const Catalogue found = read(folder, "image,nucleus\na.tif,\nb.tif,n.tif\n");
  CATCH_CHECK(found.fields.size() == 1);
  CATCH_REQUIRE(found.problems.size() == 1);
  CATCH_CHECK(found.problems[0].file.filename() == "a.tif");
}

CATCH_TEST_CASE("a table lists predictions with their truths, its columns in any order") {
  const TemporaryFolder folder;
  static_cast<void>(folder.file("t.tif", "x"));
  const PairList list = read_pairs(folder, "organelle,truth,Prediction,input,focus_deviation,"
                                           "modality\nNucleus,t.tif,/p/a.tif,i.tif,2,PC\n"
                                           "actin,none.tif,b.tif,,,\nactin,,c.tif,,,\n");
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

CATCH_TEST_CASE("one table serves learning and evaluation") {
  const TemporaryFolder folder;
  static_cast<void>(folder.file("n.tif", "x"));
  static_cast<void>(folder.file("a.tif", "x"));
  for (const char* const table :
       {"image,modality,z,nucleus,actin,prediction,organelle\n"
        "i.tif,BF,2,n.tif,a.tif,p_nucleus.tif,nucleus\ni.tif,BF,2,n.tif,a.tif,p_actin.tif,actin\n",
        "input,modality,z,field,truth,prediction,organelle\n"
        "i.tif,BF,2,n.tif,n.tif,p_nucleus.tif,nucleus\ni.tif,BF,2,n.tif,a.tif,p_actin.tif,"
        "actin\n"}) {
    CATCH_INFO(table);
    const Catalogue found = read(folder, table);
    CATCH_REQUIRE(found.fields.size() == 1);
    CATCH_CHECK(found.fields[0].name == "n.tif");
    CATCH_CHECK(found.fields[0].planes == std::vector<PlaneFile>{{folder.path() / "i.tif", 2}});
    CATCH_CHECK(found.fields[0].labels[Organelle::nucleus] == folder.path() / "n.tif");
    CATCH_CHECK(found.fields[0].labels[Organelle::actin] == folder.path() / "a.tif");
    const PairList list = read_pairs(folder, table);
    CATCH_CHECK(list.skipped.empty());
    CATCH_REQUIRE(list.pairs.size() == 2);
    CATCH_CHECK(list.pairs[0].truth == folder.path() / "n.tif");
    CATCH_CHECK(list.pairs[1].prediction == folder.path() / "p_actin.tif");
    CATCH_CHECK(list.pairs[1].truth == folder.path() / "a.tif");
    CATCH_CHECK(list.pairs[1].input == folder.path() / "i.tif");
    CATCH_CHECK(list.pairs[1].modality == Modality::bright_field);
  }
}

CATCH_TEST_CASE("mistakes in a table are named with their line") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nukleus\na,b\n"),
                          Contains("E202") && Contains("\"nukleus\" is not known") &&
                              Contains("mitochondria"));
  CATCH_CHECK_THROWS_WITH(read(folder, "nucleus\nb\n"), Contains("column \"image\" is missing"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus\n\n\"a\nb.tif\",n.tif\n,n.tif\n"),
                          Contains("line 5") && Contains("no image"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,z\na,n,-1\n"),
                          Contains("line 2") && Contains("-1"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,modality\na,n,XY\n"),
                          Contains("line 2") && Contains("BF, PC, DIC"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus\na\n"), Contains("line 2"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus\n\"a,n\n"), Contains("pairs.csv"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,field\na,n,F\nb,m,F\n"),
                          Contains("line 3") && Contains("two labels of nucleus"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,modality\na,n,BF\nb,n,PC\n"),
                          Contains("line 3") && Contains("two modalities"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,actin\na,n,\nb,m,\na,,act\n"),
                          Contains("line 4") && Contains("in line 2 for another field") &&
                              Contains("\"field\""));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus\n"), Contains("no line follows"));
  CATCH_CHECK_THROWS_WITH(fields_in_table(folder.path() / "absent.csv"),
                          Contains("absent.csv") && Contains("E301"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,Image,nucleus\na,a,n\n"),
                          Contains("image\" is there twice"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,truth\na,n\n"), Contains("without its organelle"));
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nucleus,truth,organelle\na,n,m,nucleus\n"),
                          Contains("two truths of nucleus"));
}

CATCH_TEST_CASE("mistakes in a table of predictions are the same") {
  const TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth\n"),
                          Contains("E202") && Contains("\"organelle\" is missing"));
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth,organelle,focus\n"),
                          Contains("column \"focus\" is not known"));
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth,organelle\na,b,golgi\n"),
                          Contains("line 2: organelle \"golgi\""));
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth,organelle\n,b,actin\n"),
                          Contains("line 2: no prediction"));
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth,organelle,modality\na,b,actin,X\n"),
                          Contains("line 2: modality \"X\""));
  CATCH_CHECK_THROWS_WITH(
      read_pairs(folder, "prediction,truth,organelle,focus_deviation\na,b,actin,-1\n"),
      Contains("focus_deviation \"-1\""));
  CATCH_CHECK_THROWS_WITH(read_pairs(folder, "prediction,truth,organelle\n"),
                          Contains("no line follows"));
}
