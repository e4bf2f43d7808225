// SPDX-License-Identifier: Apache-2.0
#include "common/records/csv.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using lmc::parse_csv;
using Rows = std::vector<std::vector<std::string>>;

CATCH_TEST_CASE("fields, quotes and line ends are read as RFC 4180 has them") {
  const lmc::CsvTable table = parse_csv("\xef\xbb\xbf"
                                        "a,b\r\n1,\"x, \"\"y\"\"\"\n\n\"two\nlines\",\n3,4");
  CATCH_CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CATCH_CHECK(table.rows == Rows{{"1", "x, \"y\""}, {"two\nlines", ""}, {"3", "4"}});
  CATCH_CHECK(table.lines == std::vector<std::size_t>{2, 4, 6});
}

CATCH_TEST_CASE("malformed tables are refused with their line") {
  CATCH_CHECK_THROWS_WITH(parse_csv("\n"), "it has no heading");
  CATCH_CHECK_THROWS_WITH(parse_csv("a,a\n"), "column \"a\" is there twice");
  CATCH_CHECK_THROWS_WITH(parse_csv("a,b\n1,2\n1,2,3\n"), "line 3: 3 fields, 2 in the heading");
  CATCH_CHECK_THROWS_WITH(parse_csv("a\n\"x"), Catch::Contains("line 2: a quoted field"));
  CATCH_CHECK_THROWS_WITH(parse_csv("a\n\"x\"y\n"), Catch::Contains("after a closing quote"));
}

CATCH_TEST_CASE("a table that cannot be read is the user's error") {
  const lmc::test::TemporaryFolder folder;
  CATCH_CHECK_THROWS_WITH(lmc::read_csv_file(folder.path() / "none.csv"),
                          Catch::Contains("E301") && Catch::Contains("none.csv"));
  const auto file = folder.file("bad.csv", "a,a\n");
  CATCH_CHECK_THROWS_WITH(lmc::read_csv_file(file),
                          Catch::Contains("E202") && Catch::Contains("twice"));
}

CATCH_TEST_CASE("a written field reads back") {
  const std::string field = "a \"b\", c\n";
  CATCH_CHECK(parse_csv("x\n" + lmc::csv_field(field)).rows == Rows{{field}});
}
