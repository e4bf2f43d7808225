// SPDX-License-Identifier: Apache-2.0
#include "evaluation/svg_chart.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

using namespace lmc::evaluation;

namespace {

pugi::xml_document parsed(const std::string& svg) {
  pugi::xml_document document;
  CATCH_REQUIRE(document.load_string(svg.c_str()));
  CATCH_CHECK(svg.find("nan") == std::string::npos);
  CATCH_CHECK(svg.find("inf") == std::string::npos);
  return document;
}

std::size_t count(const pugi::xml_document& document, const char* query) {
  return document.select_nodes(query).size();
}

} // namespace

CATCH_TEST_CASE("a line chart draws its lines and leaves gaps") {
  const double nan = std::nan("");
  const std::vector<ChartLine> lines{{"a", {{0, 1}, {1, 2}, {2, nan}, {3, 1}, {4, 4}}, true},
                                     {"<b>", {{0, 3}, {4, 2}}, false}};
  const auto document = parsed(line_chart({.title = "loss", .x_label = "epoch"}, lines));
  const auto drawn = document.select_nodes("//path[@fill='none']");
  CATCH_REQUIRE(drawn.size() == 2);
  const std::string path = drawn[0].node().attribute("d").value();
  CATCH_CHECK(std::count(path.begin(), path.end(), 'M') == 2);
  CATCH_CHECK(count(document, "//circle") == 4);
  CATCH_CHECK(count(document, "//text[.='<b>']") == 1);
  CATCH_CHECK(count(document, "//text[.='loss']") == 1);
}

CATCH_TEST_CASE("charts of nothing, of one value, and of zeros on a logarithmic axis are charts") {
  const std::vector<ChartLine> odd{{"none", {}, true}, {"one", {{0, 0}}, true}};
  for (const bool logarithmic : {false, true}) {
    ChartSettings settings{.title = "odd", .x_label = "", .y_label = "y"};
    settings.logarithmic_y = logarithmic;
    parsed(line_chart(settings, odd));
    parsed(line_chart(settings, {}));
    parsed(box_chart(settings, {}));
    parsed(box_chart(settings, std::vector<ChartGroup>{{"empty", {}}, {"zero", {0, 0}}}));
  }
}

CATCH_TEST_CASE("a box spans the quartiles and every value is a dot") {
  const std::vector<ChartGroup> groups{{"a", {1, 2, 3, 4, 5}}, {"b", {2}}};
  const auto document = parsed(box_chart({.title = "t", .x_label = "", .y_label = ""}, groups));
  CATCH_CHECK(count(document, "//circle") == 6);
  const auto boxes = document.select_nodes("//rect");
  CATCH_REQUIRE(boxes.size() == 2);
  // 1 to 5 with 5 % of the range around: 4.4 values on the drawing area of 260 - 28 - 34 pixels.
  CATCH_CHECK(boxes[0].node().attribute("height").as_double() ==
              Approx(2 / 4.4 * (260 - 28 - 34)).margin(0.1));
}

CATCH_TEST_CASE("many values are thinned to at most 300 dots") {
  const std::vector<ChartGroup> groups{{"a", std::vector<double>(100'000, 0.5)}};
  const auto document = parsed(box_chart({.title = "t", .x_label = "", .y_label = ""}, groups));
  CATCH_CHECK(count(document, "//circle") <= 300);
  CATCH_CHECK(count(document, "//circle") > 100);
}
