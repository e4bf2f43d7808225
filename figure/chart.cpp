// SPDX-License-Identifier: Apache-2.0
#include "figure/chart.hpp"

#include "common/percentile.hpp"
#include "figure/colour.hpp"
#include "figure/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>

namespace lmc::figure {

namespace {

// ---- Axes

constexpr double wanted_ticks = 5;

/// Whether a value has a place on an axis: finite, and positive on a logarithmic one.
bool has_place(double value, bool logarithmic) {
  return std::isfinite(value) && (!logarithmic || value > 0);
}

/// A range of values, empty at first.
struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] Range or_else(Range other) const { return low > high ? other : *this; }
};

/// Some air above and below the values.
Range padded(Range range, bool logarithmic) {
  range = range.or_else({logarithmic ? 0.1 : 0, 1});
  const double margin = (range.high - range.low) * 0.05;
  return logarithmic ? Range{range.low / 1.2, range.high * 1.2}
                     : Range{range.low - margin, range.high + margin};
}

/// A range of values laid over a range of pixels.
class Axis {
public:
  /// A range without extent is widened.
  /// @param values positive on a logarithmic axis
  Axis(Range values, double from, double to, bool logarithmic)
      : values_{values}, from_{from}, to_{to}, logarithmic_{logarithmic} {
    if (!(values_.high > values_.low)) {
      const double margin = logarithmic_ ? values_.low / 2 : std::abs(values_.low) * 0.1 + 0.5;
      values_.low -= margin;
      values_.high += margin;
    }
  }

  [[nodiscard]] bool shows(double value) const { return has_place(value, logarithmic_); }

  [[nodiscard]] double position(double value) const {
    const auto scaled = [&](double v) { return logarithmic_ ? std::log10(v) : v; };
    const double low = scaled(values_.low);
    return from_ + (scaled(value) - low) / (scaled(values_.high) - low) * (to_ - from_);
  }

  /// Round values inside the range: 1, 2 or 5 times powers of ten; powers of ten on a logarithmic
  /// axis that spans more than one.
  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> ticks;
    if (logarithmic_ && values_.high / values_.low > 10) {
      const double last = std::floor(std::log10(values_.high));
      for (double power = std::ceil(std::log10(values_.low)); power <= last; ++power) {
        ticks.push_back(std::pow(10, power));
      }
      return ticks;
    }
    const double step = round_step((values_.high - values_.low) / wanted_ticks);
    const double last = std::floor(values_.high / step + 1e-9);
    for (double k = std::ceil(values_.low / step); k <= last; ++k) {
      ticks.push_back(k * step);
    }
    return ticks;
  }

private:
  [[nodiscard]] static double round_step(double rough) {
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double leading = rough / power;
    return power * (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10);
  }

  Range values_;
  double from_; ///< pixels
  double to_;
  bool logarithmic_;
};

/// A tick's value as it is written: "0.5", "1200", "1e-05".
std::string tick_text(double value) {
  // A multiple of a decimal step may be 0.30000000000000004, and zero may be -0.
  return fmt::format("{:.6g}", value == 0 ? 0.0 : value);
}

// ---- Frame

/// Borders of the drawing area, pixels.
struct Frame {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
};

Frame frame_of(const ChartSettings& settings, std::size_t legend_rows) {
  return {58, settings.width - 14, 34 + 16 * static_cast<double>(legend_rows),
          settings.height - (settings.x_label.empty() ? 28 : 44)};
}

/// @param anchor what of the text is at x: "start", "middle" or "end"
std::string text_at(double x, double y, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escape_html(text));
}

/// Opens the `svg` element: title, labels of the axes, horizontal grid with its numbers.
std::string open_chart(const ChartSettings& settings, const Frame& frame, const Axis& y) {
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
    svg += text_at(frame.left - 6, at + 4, "end", tick_text(tick));
  }
  svg += fmt::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"#9aa7b3\"/>\n", frame.left,
                     frame.bottom, frame.right);
  if (!settings.x_label.empty()) {
    svg +=
        text_at((frame.left + frame.right) / 2, settings.height - 10, "middle", settings.x_label);
  }
  if (!settings.y_label.empty()) {
    svg += fmt::format("<text transform=\"translate(13 {:.1f}) rotate(-90)\" "
                       "text-anchor=\"middle\">{}</text>\n",
                       (frame.top + frame.bottom) / 2, escape_html(settings.y_label));
  }
  return svg;
}

// ---- Lines

constexpr double legend_column = 110;

std::size_t legend_columns(const Frame& frame) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>((frame.right - frame.left) / legend_column));
}

std::string legend(std::span<const ChartLine> lines, const Frame& frame) {
  std::string svg;
  const std::size_t columns = legend_columns(frame);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double x = frame.left + legend_column * static_cast<double>(i % columns);
    const double y = 40 + 16 * static_cast<double>(i / columns);
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}h14\" stroke=\"{}\" stroke-width=\"3\"/>\n", x,
                       y - 4, chart_colour(lines[i].colour.value_or(i)));
    svg += text_at(x + 19, y, "start", lines[i].name);
  }
  return svg;
}

std::string path_of(const ChartLine& line, const Axis& x, const Axis& y) {
  std::string path;
  bool pen_down = false;
  for (const ChartPoint& point : line.points) {
    const bool shown = x.shows(point.x) && y.shows(point.y);
    if (shown) {
      path += fmt::format("{}{:.1f} {:.1f}", pen_down ? 'L' : 'M', x.position(point.x),
                          y.position(point.y));
    }
    pen_down = shown;
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

// ---- Boxes

constexpr std::size_t most_dots = 300;

/// Where a group is drawn.
struct Slot {
  double centre = 0; ///< pixels
  double half_width = 0;
  std::string_view colour;
};

/// Values are spread sideways by the golden ratio, which never repeats and needs no random numbers.
std::string dots(std::span<const double> values, const Slot& slot, const Axis& y) {
  std::string svg;
  const std::size_t step = values.size() / most_dots + 1;
  for (std::size_t i = 0; i < values.size(); i += step) {
    const double spread = std::fmod(static_cast<double>(i) * 0.6180339887498949, 1.0) - 0.5;
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"{}\" "
                       "fill-opacity=\"0.45\"/>\n",
                       slot.centre + spread * slot.half_width * 1.6, y.position(values[i]),
                       slot.colour);
  }
  return svg;
}

std::string box(std::span<const double> values, const Slot& slot, const Axis& y) {
  const auto at = [&](double percent) { return y.position(percentile_of(values, percent)); };
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

std::string line_chart(const ChartSettings& settings, std::vector<ChartLine> lines) {
  std::erase_if(lines, [](const ChartLine& line) { return line.points.empty(); });
  if (lines.empty()) {
    return {};
  }
  const std::size_t columns = legend_columns(frame_of(settings, 0));
  const std::size_t legend_rows = lines.size() > 1 ? (lines.size() + columns - 1) / columns : 0;
  const Frame frame = frame_of(settings, legend_rows);
  const bool logarithmic = settings.logarithmic_y;
  Range x_values;
  Range y_values;
  for (const ChartLine& line : lines) {
    for (const ChartPoint& point : line.points) {
      if (std::isfinite(point.x) && has_place(point.y, logarithmic)) {
        x_values.take(point.x);
        y_values.take(point.y);
      }
    }
  }
  const Axis x{x_values.or_else({0, 1}), frame.left + 6, frame.right - 6, false};
  const Axis y{padded(y_values, logarithmic), frame.bottom, frame.top, logarithmic};
  std::string svg = open_chart(settings, frame, y);
  for (const double tick : x.ticks()) {
    svg += text_at(x.position(tick), frame.bottom + 16, "middle", tick_text(tick));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    svg += draw(lines[i], chart_colour(lines[i].colour.value_or(i)), x, y);
  }
  if (legend_rows > 0) {
    svg += legend(lines, frame);
  }
  return svg + "</svg>\n";
}

std::string box_chart(const ChartSettings& settings, std::vector<ChartGroup> groups) {
  std::erase_if(groups, [](const ChartGroup& group) { return group.values.empty(); });
  if (groups.empty()) {
    return {};
  }
  const Frame frame = frame_of(settings, 0);
  const bool logarithmic = settings.logarithmic_y;
  Range y_values;
  for (const ChartGroup& group : groups) {
    for (const double value : group.values) {
      if (has_place(value, logarithmic)) {
        y_values.take(value);
      }
    }
  }
  const Axis y{padded(y_values, logarithmic), frame.bottom, frame.top, logarithmic};
  std::string svg = open_chart(settings, frame, y);
  const double slot_width = (frame.right - frame.left) / static_cast<double>(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Slot slot{frame.left + slot_width * (static_cast<double>(i) + 0.5),
                    std::min(slot_width * 0.28, 28.0), chart_colour(groups[i].colour.value_or(i))};
    svg += text_at(slot.centre, frame.bottom + 16, "middle", groups[i].name);
    std::vector<double>& values = groups[i].values;
    std::erase_if(values, [&](double value) { return !y.shows(value); });
    if (!values.empty()) {
      svg += dots(values, slot, y) + box(values, slot, y);
    }
  }
  return svg + "</svg>\n";
}

} // namespace lmc::figure
