// SPDX-License-Identifier: Apache-2.0
#include "common/percentile.hpp"
#include "evaluation/svg_axis.hpp"
#include "evaluation/svg_chart.hpp"
#include "evaluation/svg_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lmc::evaluation {

namespace {

constexpr std::size_t most_dots = 300;

/// Where a group is drawn.
struct Slot {
  double centre = 0; ///< pixels
  double half_width = 0;
  std::string_view colour;
};

Axis y_axis(const ChartSettings& settings, const ChartFrame& frame,
            std::span<const ChartGroup> groups) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const ChartGroup& group : groups) {
    for (const double value : group.values) {
      if (!settings.logarithmic_y || value > 0) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  if (low > high) {
    return Axis{{0, 1, frame.bottom, frame.top}, settings.logarithmic_y};
  }
  const double margin = settings.logarithmic_y ? 0 : (high - low) * 0.05;
  return Axis{{low - margin, high + margin, frame.bottom, frame.top}, settings.logarithmic_y};
}

/// Values are spread sideways by the golden ratio, which never repeats and needs no random numbers.
std::string dots(const ChartGroup& group, const Slot& slot, const Axis& y) {
  std::string svg;
  const std::size_t step = group.values.size() / most_dots + 1;
  for (std::size_t i = 0; i < group.values.size(); i += step) {
    const double spread = std::fmod(static_cast<double>(i) * 0.6180339887498949, 1.0) - 0.5;
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"{}\" "
                       "fill-opacity=\"0.45\"/>\n",
                       slot.centre + spread * slot.half_width * 1.6, y.position(group.values[i]),
                       slot.colour);
  }
  return svg;
}

std::string box(const ChartGroup& group, const Slot& slot, const Axis& y) {
  const auto at = [&](double percent) {
    return y.position(percentile_of<double>(group.values, percent));
  };
  const double left = slot.centre - slot.half_width;
  const double right = slot.centre + slot.half_width;
  return fmt::format(
      "<path d=\"M{0:.1f} {1:.1f}V{2:.1f}M{0:.1f} {3:.1f}V{4:.1f}\" stroke=\"{5}\"/>\n"
      "<rect x=\"{6:.1f}\" y=\"{3:.1f}\" width=\"{7:.1f}\" height=\"{8:.1f}\" fill=\"{5}\" "
      "fill-opacity=\"0.18\" stroke=\"{5}\"/>\n"
      "<path d=\"M{6:.1f} {9:.1f}H{10:.1f}\" stroke=\"{5}\" stroke-width=\"2.5\"/>\n",
      slot.centre, at(0), at(25), at(75), at(100), slot.colour, left, right - left,
      std::max(at(25) - at(75), 0.5), at(50), right);
}

} // namespace

std::string box_chart(const ChartSettings& settings, std::span<const ChartGroup> groups) {
  const ChartFrame frame = frame_of(settings, 0);
  const Axis y = y_axis(settings, frame, groups);
  std::string svg = open_chart(settings, frame, y);
  const double slot_width =
      (frame.right - frame.left) / static_cast<double>(std::max<std::size_t>(1, groups.size()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    ChartGroup group = groups[i];
    std::erase_if(group.values, [&](double value) { return !y.shows(value); });
    const Slot slot{frame.left + slot_width * (static_cast<double>(i) + 0.5),
                    std::min(slot_width * 0.28, 28.0), chart_colour(group.colour.value_or(i))};
    svg += chart_text(slot.centre, frame.bottom + 16, "middle", group.name);
    if (!group.values.empty()) {
      svg += dots(group, slot, y) + box(group, slot, y);
    }
  }
  return svg + "</svg>\n";
}

} // namespace lmc::evaluation
