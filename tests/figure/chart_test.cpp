// SPDX-License-Identifier: Apache-2.0
#include "figure/chart.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

using namespace lmc::figure;

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

/// The texts that a query finds, each with a space behind it.
std::string texts(const pugi::xml_document& document, const char* query) {
  std::string all;
  for (const auto& text : document.select_nodes(query)) {
    all += text.node().child_value() + std::string{" "};
  }
  return all;
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

CATCH_TEST_CASE("charts of one value and of zeros on a logarithmic axis are charts, of nothing "
                "there are none") {
  const std::vector<ChartLine> odd{{"none", {}, true}, {"one", {{0, 0}}, true}};
  for (const bool logarithmic : {false, true}) {
    ChartSettings settings{.title = "odd", .x_label = "", .y_label = "y"};
    settings.logarithmic_y = logarithmic;
    parsed(line_chart(settings, odd));
    const auto document =
        parsed(box_chart(settings, std::vector<ChartGroup>{{"empty", {}}, {"zero", {0, 0}}}));
    CATCH_CHECK(count(document, "//text[.='zero']") == 1);
    CATCH_CHECK(count(document, "//text[.='empty']") == 0);
    CATCH_CHECK(line_chart(settings, {{"none", {}}}).empty());
    CATCH_CHECK(box_chart(settings, {}).empty());
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

CATCH_TEST_CASE("axes have round ticks inside their range, zero without a sign") {
  const auto ticks = [](const std::vector<ChartPoint>& points, bool logarithmic) {
    const std::vector<ChartLine> lines{{"", points}};
    ChartSettings settings{.title = ""};
    settings.logarithmic_y = logarithmic;
    const auto document = parsed(line_chart(settings, lines));
    return std::pair{texts(document, "//text[@text-anchor='middle']"),
                     texts(document, "//text[@text-anchor='end']")};
  };
  const auto [x, y] = ticks({{0, -1}, {0.93, 1}}, false);
  CATCH_CHECK(x == "0 0.2 0.4 0.6 0.8 ");
  CATCH_CHECK(y == "-1 -0.5 0 0.5 1 ");
  const auto powers = ticks({{0, 0.024}, {1, 2500}}, true);
  CATCH_CHECK(powers.second == "0.1 1 10 100 1000 ");
  for (const double value : {0.0, 5.0, -3.0}) { // a range without extent
    CATCH_CHECK_FALSE(ticks({{value, value}}, false).first.empty());
  }
}

CATCH_TEST_CASE("a point lies in proportion between the ends of the axes") {
  const std::vector<ChartLine> lines{{"", {{0, 1}, {1, 10}, {2, 100}}, true}};
  const auto at = [&](bool logarithmic) {
    ChartSettings settings{.title = ""};
    settings.logarithmic_y = logarithmic;
    const auto document = parsed(line_chart(settings, lines));
    std::vector<double> middle;
    for (const auto& circle : document.select_nodes("//circle")) {
      middle.push_back(circle.node().attribute("cx").as_double());
      middle.push_back(circle.node().attribute("cy").as_double());
    }
    return middle;
  };
  const std::vector<double> linear = at(false);
  const std::vector<double> logarithmic = at(true);
  CATCH_REQUIRE(linear.size() == 6);
  CATCH_REQUIRE(logarithmic.size() == 6);
  CATCH_CHECK(linear[2] == Approx((linear[0] + linear[4]) / 2).margin(0.1));
  CATCH_CHECK(linear[3] == Approx(linear[1] + (linear[5] - linear[1]) / 11).margin(0.1));
  CATCH_CHECK(logarithmic[3] == Approx((logarithmic[1] + logarithmic[5]) / 2).margin(0.1));
}
