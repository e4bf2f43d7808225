// SPDX-License-Identifier: Apache-2.0
#include "figure/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lmc::figure {

namespace {

constexpr Index gap = 10;
constexpr Index label_height = 30;
constexpr Index narrowest_column = 130; ///< pixels; room for a small label above a narrow image
constexpr Index smallest_panel_with_bar = 96; ///< pixels; the bar would hide smaller images
constexpr Colour background{24, 24, 24};

/// One image of the row, ready to draw.
struct Panel {
  std::string label;
  Colour tint;
  Canvas picture;
};

Canvas stretched(const Plane<float>& plane, Colour tint, double low_percentile,
                 double high_percentile) {
  const ContrastRange range = robust_range(plane.pixels(), low_percentile, high_percentile);
  return picture_of(plane,
                    [&](float value) { return mixed(black, tint, range.brightness(value)); });
}

std::vector<Panel> panels_of(const PreviewPlanes& planes) {
  const Size image = size_of(planes.light);
  const Size shown = panel_size_of(image);
  std::vector<Panel> panels;
  panels.push_back({planes.modality == Modality::unknown
                        ? "transmitted light"
                        : std::string{long_name_of(planes.modality)},
                    white, stretched(resampled(planes.light, shown), white, 0.5, 99.5)});
  for (const Organelle organelle : all_organelles) {
    const GreyView& prediction = planes.predictions[organelle];
    const Size size = size_of(prediction);
    if (size == Size{}) {
      continue;
    }
    if (size != image) {
      throw std::invalid_argument{
          fmt::format("a preview's {} has {} x {} pixels, the transmitted light {} x {}",
                      name_of(organelle), size.width, size.height, image.width, image.height)};
    }
    const Colour tint = tint_of(organelle);
    panels.push_back({std::string{name_of(organelle)}, tint,
                      stretched(resampled(prediction, shown), tint, 1.0, 99.8)});
  }
  return panels;
}

/// White on black, readable on any image: the bar above its length, in a box of its own.
void draw_scale_bar(Canvas& canvas, Point bottom_left, const ScaleBar& bar, const Font& font) {
  constexpr Index thickness = 4;
  constexpr Index margin = 6;
  const Index text = font.width(bar.label);
  const Index width = std::max(bar.length, text) + 2 * margin;
  const Index height = thickness + font.line_height() + 2 * margin;
  const Point box{bottom_left.x + gap, bottom_left.y - gap - height};
  canvas.fill(box, height, width, black);
  canvas.fill({box.x + (width - bar.length) / 2, box.y + margin}, thickness, bar.length, white);
  canvas.draw_text({box.x + (width - text) / 2, box.y + margin + thickness + margin / 2}, bar.label,
                   font, white);
}

} // namespace

Size panel_size_of(Size image) {
  const Index factor =
      std::max<Index>(1, largest_panel / std::max({image.height, image.width, Index{1}}));
  return reduced_to(largest_panel, {image.height * factor, image.width * factor});
}

std::optional<ScaleBar> scale_bar_for(Index image_width, Index panel_width,
                                      std::optional<double> pixel_um) {
  const double units = static_cast<double>(image_width) * pixel_um.value_or(1.0);
  const double longest = 0.3 * units;
  const double decade = std::pow(10.0, std::floor(std::log10(longest)));
  // Just above the limit by rounding is within it.
  const double digit = longest / decade * (1 + 1e-9);
  const double value = (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * decade;
  const Index length = std::lround(value / units * static_cast<double>(panel_width));
  if (length == 0 || (!pixel_um && value < 1)) {
    return std::nullopt;
  }
  if (!pixel_um) {
    return ScaleBar{length, fmt::format("{:.0f} px", value)};
  }
  return ScaleBar{length, value < 0.999 ? fmt::format("{:.3g} nm", value * 1000)
                                        : fmt::format("{:.0f} µm", value)};
}

Canvas preview_of(const PreviewPlanes& planes) {
  const std::vector<Panel> panels = panels_of(planes);
  const Size size = panel_size_of(size_of(planes.light));
  const Index column = std::max(size.width, narrowest_column);
  const Font font{std::clamp<Index>(size.width / 12, 16, 24)};
  Canvas canvas{size.height + label_height + 2 * gap, std::ssize(panels) * (column + gap) + gap,
                background};
  Point place{gap, gap};
  for (const Panel& panel : panels) {
    canvas.draw_text(place, font.shortened(panel.label, column), font, panel.tint);
    canvas.paste({place.x, place.y + label_height}, panel.picture);
    place.x += column + gap;
  }
  const auto bar = scale_bar_for(planes.light.width(), size.width, planes.pixel_um);
  if (bar && std::min(size.height, size.width) >= smallest_panel_with_bar) {
    draw_scale_bar(canvas, {gap, gap + label_height + size.height}, *bar, Font{20});
  }
  return canvas;
}

} // namespace lmc::figure
