// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/svg_axis.hpp"
#include "evaluation/svg_chart.hpp"

#include <string>

namespace lmc::evaluation {

/// Lines and texts around a chart's drawing area.
struct ChartFrame {
  double left = 0; ///< pixels
  double right = 0;
  double top = 0;
  double bottom = 0;
};

/// Where things are drawn in a chart of this size.
[[nodiscard]] ChartFrame frame_of(const ChartSettings& settings, std::size_t legend_rows);

/// Opens the `svg` element: background, title, labels of the axes, horizontal grid with its
/// numbers.
[[nodiscard]] std::string open_chart(const ChartSettings& settings, const ChartFrame& frame,
                                     const Axis& y);

/// Text around a point.
/// @param anchor "start", "middle" or "end"
[[nodiscard]] std::string chart_text(double x, double y, std::string_view anchor,
                                     std::string_view text);

} // namespace lmc::evaluation
