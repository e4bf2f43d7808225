// SPDX-License-Identifier: Apache-2.0
#include "evaluation/html.hpp"

#include <catch2/catch.hpp>

using namespace lmc::evaluation;

CATCH_TEST_CASE("text cannot become markup") {
  CATCH_CHECK(escape_html(R"(<a href="x" id='y'>&)") ==
              "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
  CATCH_CHECK(escape_html("20 µm") == "20 µm");
  CATCH_CHECK(escape_html("a\nb") == "a\\nb");
  CATCH_CHECK(escape_html("\xb5m") == "?m");
}

CATCH_TEST_CASE("base64 equals RFC 4648's test vectors") {
  CATCH_CHECK(base64_of("").empty());
  CATCH_CHECK(base64_of("f") == "Zg==");
  CATCH_CHECK(base64_of("fo") == "Zm8=");
  CATCH_CHECK(base64_of("foo") == "Zm9v");
  CATCH_CHECK(base64_of("foob") == "Zm9vYg==");
  CATCH_CHECK(base64_of("fooba") == "Zm9vYmE=");
  CATCH_CHECK(base64_of("foobar") == "Zm9vYmFy");
  CATCH_CHECK(base64_of("\xff\xfe\xfd") == "//79");
}

CATCH_TEST_CASE("a table escapes its cells") {
  const std::string html = html_of(HtmlTable{{"file", "n"}, {{"<x>", "1"}, {"y", "2"}}});
  CATCH_CHECK_THAT(html, Catch::Contains("<tr><th>file</th><th>n</th></tr>"));
  CATCH_CHECK_THAT(html, Catch::Contains("<td>&lt;x&gt;</td><td>1</td>"));
}

CATCH_TEST_CASE("a page needs nothing else and reloads only when asked to") {
  const std::string page = html_page({.title = "A & B"}, "<p>body</p>");
  CATCH_CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>"));
  CATCH_CHECK_THAT(page, Catch::Contains("<title>A &amp; B</title>"));
  CATCH_CHECK_THAT(page, Catch::Contains("<p>body</p>"));
  CATCH_CHECK_THAT(page, !Catch::Contains("http-equiv"));
  CATCH_CHECK_THAT(page, !Catch::Contains("://"));
  CATCH_CHECK_THAT(html_page({.title = "t", .refresh_seconds = 30}, ""),
                   Catch::Contains(R"(<meta http-equiv="refresh" content="30">)"));
}

CATCH_TEST_CASE("a picture is in the page itself") {
  CATCH_CHECK(png_element("foo", "a \"b\"") ==
              R"(<img src="data:image/png;base64,Zm9v" alt="a &quot;b&quot;">)");
}
