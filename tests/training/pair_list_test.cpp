// SPDX-License-Identifier: Apache-2.0
#include "training/pair_list.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::training;
using lmc::test::TemporaryFolder;

namespace {

Catalogue read(const TemporaryFolder& folder, const std::string& text) {
  return read_pair_list(folder.file("pairs.csv", text));
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
  CATCH_CHECK(first.labels[channel_of(Organelle::nucleus)] == folder.path() / "n.tif");
  CATCH_CHECK_FALSE(first.labels[channel_of(Organelle::actin)].has_value());
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
  CATCH_CHECK(found.fields[0].labels[channel_of(Organelle::tubulin)].has_value());
  CATCH_CHECK_FALSE(found.fields[1].labels[channel_of(Organelle::tubulin)].has_value());
}

CATCH_TEST_CASE("a line that comes twice counts once, and adds its labels") {
  const TemporaryFolder folder;
  const Catalogue found = read(folder, "image,nucleus,actin,field\n"
                                       "a.tif,n.tif,,A\na.tif,n.tif,,A\na.tif,,act.tif,A\n");
  CATCH_REQUIRE(found.fields.size() == 1);
  CATCH_CHECK(found.fields[0].planes.size() == 1);
  CATCH_CHECK(found.fields[0].labels[channel_of(Organelle::actin)] == folder.path() / "act.tif");
  CATCH_REQUIRE(found.problems.size() == 2);
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

CATCH_TEST_CASE("mistakes in a table are named with their line") {
  const TemporaryFolder folder;
  using Catch::Contains;
  CATCH_CHECK_THROWS_WITH(read(folder, "image,nukleus\na,b\n"),
                          Contains("nukleus") && Contains("mitochondria"));
  CATCH_CHECK_THROWS_WITH(read(folder, "nucleus\nb\n"), Contains("no column \"image\""));
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
  CATCH_CHECK_THROWS_WITH(read_pair_list(folder.path() / "absent.csv"),
                          Contains("absent.csv") && Contains("E301"));
}
