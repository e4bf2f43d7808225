// SPDX-License-Identifier: Apache-2.0
#include "figure/html.hpp"

#include <catch2/catch.hpp>

using namespace lmc::figure;

CATCH_TEST_CASE("text cannot become markup") {
  CATCH_CHECK(escape_html(R"(<a href="x" id='y'>&)") ==
              "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
  CATCH_CHECK(escape_html("20 µm") == "20 µm");
  CATCH_CHECK(escape_html("a\nb") == "a\\nb");
  CATCH_CHECK(escape_html("\xb5m") == "?m");
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
  const std::string img = img_element(Canvas{1, 1, white}, "a \"b\"");
  // The first nine bytes of every PNG file and its length of the first chunk, in base64.
  CATCH_CHECK_THAT(img, Catch::StartsWith(R"(<img src="data:image/png;base64,iVBORw0KGgoAAAAN)"));
  CATCH_CHECK_THAT(img, Catch::EndsWith(R"(" alt="a &quot;b&quot;">)"));
  CATCH_CHECK(figure_element("<img>", "a & b") ==
              "<figure><img><figcaption>a &amp; b</figcaption></figure>");
}
