// SPDX-License-Identifier: Apache-2.0
#include "evaluation/svg_axis.hpp"
#include "evaluation/svg_chart.hpp"
#include "evaluation/svg_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace lmc::evaluation {

namespace {

constexpr double legend_column = 110;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool empty() const { return low > high; }
};

struct Ranges {
  Range x;
  Range y;
};

Ranges ranges_of(std::span<const ChartLine> lines, bool logarithmic) {
  Ranges ranges;
  for (const ChartLine& line : lines) {
    for (const ChartPoint& point : line.points) {
      if (std::isfinite(point.x) && std::isfinite(point.y) && (!logarithmic || point.y > 0)) {
        ranges.x.take(point.x);
        ranges.y.take(point.y);
      }
    }
  }
  return ranges.x.empty() ? Ranges{{0, 1}, {logarithmic ? 0.1 : 0, 1}} : ranges;
}

/// Some air above and below the values.
Range padded(const Range& range, bool logarithmic) {
  if (logarithmic) {
    return {range.low / 1.2, range.high * 1.2};
  }
  const double margin = (range.high - range.low) * 0.05;
  return {range.low - margin, range.high + margin};
}

std::string path_of(const ChartLine& line, const Axis& x, const Axis& y) {
  std::string path;
  bool pen_down = false;
  for (const ChartPoint& point : line.points) {
    if (!x.shows(point.x) || !y.shows(point.y)) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? 'L' : 'M', x.position(point.x),
                        y.position(point.y));
    pen_down = true;
  }
  return path;
}

std::string draw(const ChartLine& line, std::string_view colour, const Axis& x, const Axis& y) {
  std::string svg = fmt::format(
      "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" stroke-linejoin=\"round\" "
      "stroke-linecap=\"round\"/>\n",
      path_of(line, x, y), colour);
  for (const ChartPoint& point : line.points) {
    if (line.markers && x.shows(point.x) && y.shows(point.y)) {
      svg += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"><title>{}</title></circle>\n",
          x.position(point.x), y.position(point.y), colour, tick_text(point.y));
    }
  }
  return svg;
}

std::size_t legend_columns(const ChartFrame& frame) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>((frame.right - frame.left) / legend_column));
}

std::string legend(std::span<const ChartLine> lines, const ChartFrame& frame) {
  std::string svg;
  const std::size_t columns = legend_columns(frame);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double x = frame.left + legend_column * static_cast<double>(i % columns);
    const double y = 40 + 16 * static_cast<double>(i / columns);
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}h14\" stroke=\"{}\" stroke-width=\"3\"/>\n", x,
                       y - 4, chart_colour(lines[i].colour.value_or(i)));
    svg += chart_text(x + 19, y, "start", lines[i].name);
  }
  return svg;
}

} // namespace

std::string_view chart_colour(std::size_t index) {
  // Okabe and Ito (2008), without yellow and black, which vanish beside white and text.
  static constexpr std::array<std::string_view, 6> colours{"#0072b2", "#d55e00", "#009e73",
                                                           "#cc79a7", "#e69f00", "#56b4e9"};
  return colours.at(index % colours.size());
}

std::string line_chart(const ChartSettings& settings, std::span<const ChartLine> lines) {
  const std::size_t columns = legend_columns(frame_of(settings, 0));
  const std::size_t legend_rows = lines.size() > 1 ? (lines.size() + columns - 1) / columns : 0;
  const ChartFrame frame = frame_of(settings, legend_rows);
  const Ranges ranges = ranges_of(lines, settings.logarithmic_y);
  const Range shown = padded(ranges.y, settings.logarithmic_y);
  const Axis x{{ranges.x.low, ranges.x.high, frame.left + 6, frame.right - 6}, false};
  const Axis y{{shown.low, shown.high, frame.bottom, frame.top}, settings.logarithmic_y};
  std::string svg = open_chart(settings, frame, y);
  for (const double tick : x.ticks()) {
    svg += chart_text(x.position(tick), frame.bottom + 16, "middle", tick_text(tick));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    svg += draw(lines[i], chart_colour(lines[i].colour.value_or(i)), x, y);
  }
  if (legend_rows > 0) {
    svg += legend(lines, frame);
  }
  return svg + "</svg>\n";
}

} // namespace lmc::evaluation
