// SPDX-License-Identifier: Apache-2.0
#include "evaluation/svg_frame.hpp"

#include "evaluation/html.hpp"

#include <fmt/format.h>

namespace lmc::evaluation {

ChartFrame frame_of(const ChartSettings& settings, std::size_t legend_rows) {
  return {58, settings.width - 14, 34 + 16 * static_cast<double>(legend_rows),
          settings.height - (settings.x_label.empty() ? 28 : 44)};
}

std::string chart_text(double x, double y, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escape_html(text));
}

std::string open_chart(const ChartSettings& settings, const ChartFrame& frame, const Axis& y) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" font-family=\"system-ui, DejaVu Sans, "
      "sans-serif\" font-size=\"11\" fill=\"#5d6b7a\">\n<title>{2}</title>\n"
      "<text x=\"14\" y=\"22\" font-size=\"13\" font-weight=\"600\" "
      "fill=\"#1c2530\">{2}</text>\n",
      settings.width, settings.height, escape_html(settings.title));
  for (const double tick : y.ticks()) {
    const double at = y.position(tick);
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"#e4e9ee\"/>\n", frame.left, at,
                       frame.right);
    svg += chart_text(frame.left - 6, at + 4, "end", tick_text(tick));
  }
  svg += fmt::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"#9aa7b3\"/>\n", frame.left,
                     frame.bottom, frame.right);
  if (!settings.x_label.empty()) {
    svg += chart_text((frame.left + frame.right) / 2, settings.height - 10, "middle",
                      settings.x_label);
  }
  if (!settings.y_label.empty()) {
    svg += fmt::format("<text transform=\"translate(13 {:.1f}) rotate(-90)\" "
                       "text-anchor=\"middle\">{}</text>\n",
                       (frame.top + frame.bottom) / 2, escape_html(settings.y_label));
  }
  return svg;
}

} // namespace lmc::evaluation
