// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lmc::figure {

/// Titles and size of a chart.
struct ChartSettings {
  std::string title;
  std::string x_label = {};
  std::string y_label = {};
  double width = 370; ///< pixels
  double height = 260;
  bool logarithmic_y = false;
};

/// A point of a line; y that has no place interrupts the line.
struct ChartPoint {
  double x = 0;
  double y = 0;
};

/// One line of a chart.
struct ChartLine {
  std::string name;
  std::vector<ChartPoint> points;                   ///< in the order of x
  bool markers = false;                             ///< a dot at each point
  std::optional<std::size_t> colour = std::nullopt; ///< of `chart_colour`; else the line's number
};

/// One group of values of a box chart.
struct ChartGroup {
  std::string name;
  std::vector<double> values;                       ///< finite
  std::optional<std::size_t> colour = std::nullopt; ///< of `chart_colour`; else the group's number
};

/// Lines over a common x, with a legend, as one inline `svg` element. Lines without points are left
/// out; nothing is drawn of nothing.
[[nodiscard]] std::string line_chart(const ChartSettings& settings, std::vector<ChartLine> lines);

/// Distributions side by side: a box from the first to the third quartile with the median, whiskers
/// to the extremes, and up to 300 of the values as dots. Groups without values are left out;
/// nothing is drawn of nothing.
[[nodiscard]] std::string box_chart(const ChartSettings& settings, std::vector<ChartGroup> groups);

} // namespace lmc::figure
