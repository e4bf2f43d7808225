// SPDX-License-Identifier: Apache-2.0
#include "image/preview.hpp"

#include "image/contrast.hpp"
#include "image/font.hpp"
#include "image/preview_canvas.hpp"
#include "image/preview_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lmc::image {

namespace {

constexpr std::size_t text_scale = 2;
constexpr std::size_t gap = 10;
constexpr std::size_t label_height = glyph_rows * text_scale + 12;
constexpr std::size_t smallest_panel_with_bar = 96; ///< pixels; the bar would hide smaller images
constexpr Colour8 background{24, 24, 24};
constexpr Colour8 white{255, 255, 255};
constexpr Colour8 black{0, 0, 0};

/// One image of the row, ready to draw.
struct Panel {
  std::string label;
  Colour8 tint;
  std::vector<float> brightness; ///< [height, width] of the panel, 0 .. 1
};

/// Okabe and Ito's colours for the colour-blind, brightened for a black background.
Colour8 tint_of(Organelle organelle) {
  switch (organelle) {
  case Organelle::mitochondria:
    return {255, 176, 32};
  case Organelle::nucleus:
    return {96, 190, 255};
  case Organelle::tubulin:
    return {40, 220, 160};
  case Organelle::actin:
    return {255, 135, 200};
  }
  throw std::invalid_argument{"write_preview: unknown organelle"};
}

std::vector<float> stretched(std::vector<float> pixels, double low_percentile,
                             double high_percentile) {
  const ContrastRange range = robust_range(pixels, low_percentile, high_percentile);
  for (float& value : pixels) {
    value = range.brightness(value);
  }
  return pixels;
}

Panel light_panel(const TransmittedLight& light, PanelSize size) {
  auto pixels = resample(std::span{light.pixels}, {light.height, light.width}, size);
  const std::string label = light.modality == Modality::unknown
                                ? "transmitted light"
                                : std::string{long_name_of(light.modality)};
  return {label, white, stretched(std::move(pixels), 0.5, 99.5)};
}

Panel prediction_panel(const TransmittedLight& light, const PreviewPanel& prediction,
                       PanelSize size) {
  const auto shown = [&](auto values) {
    if (values.size() != light.height * light.width) {
      throw std::invalid_argument{
          fmt::format("write_preview: {} has {} pixels, the transmitted light {}",
                      name_of(prediction.organelle), values.size(), light.height * light.width)};
    }
    return resample(values, {light.height, light.width}, size);
  };
  auto pixels = std::visit(shown, prediction.pixels);
  return {std::string{name_of(prediction.organelle)}, tint_of(prediction.organelle),
          stretched(std::move(pixels), 1.0, 99.8)};
}

Colour8 scaled(Colour8 tint, float brightness) {
  const auto part = [&](std::uint8_t full) {
    return static_cast<std::uint8_t>(std::lround(brightness * static_cast<float>(full)));
  };
  return {part(tint.red), part(tint.green), part(tint.blue)};
}

void draw_panel(Canvas& canvas, CanvasPoint top_left, const Panel& panel, PanelSize size) {
  canvas.draw_text({top_left.x, top_left.y + 4}, panel.label, text_scale, panel.tint);
  for (std::size_t y = 0; y < size.height; ++y) {
    for (std::size_t x = 0; x < size.width; ++x) {
      canvas.set({top_left.x + x, top_left.y + label_height + y},
                 scaled(panel.tint, panel.brightness[y * size.width + x]));
    }
  }
}

/// White on a black border, readable on any image: the bar above its length, in a box of its own.
void draw_scale_bar(Canvas& canvas, CanvasPoint bottom_left, const ScaleBar& bar) {
  constexpr std::size_t thickness = 4;
  constexpr std::size_t margin = 5;
  const std::size_t text = text_width(bar.label) * text_scale;
  const std::size_t width = std::max(bar.length, text);
  const std::size_t height = thickness + margin + glyph_rows * text_scale;
  const CanvasPoint box{bottom_left.x + gap, bottom_left.y - gap - height - margin};
  canvas.fill(box, height + margin, width + 2 * margin, black);
  canvas.fill({box.x + margin + (width - bar.length) / 2, box.y + margin}, thickness, bar.length,
              white);
  canvas.draw_text({box.x + margin + (width - text) / 2, box.y + 2 * margin + thickness}, bar.label,
                   text_scale, white);
}

Canvas composed(const std::vector<Panel>& panels, PanelSize size) {
  std::size_t column = size.width;
  for (const Panel& panel : panels) {
    column = std::max(column, text_width(panel.label) * text_scale);
  }
  Canvas canvas{size.height + label_height + 2 * gap, panels.size() * (column + gap) + gap,
                background};
  for (std::size_t i = 0; i < panels.size(); ++i) {
    draw_panel(canvas, {gap + i * (column + gap), gap}, panels[i], size);
  }
  return canvas;
}

} // namespace

void write_preview(const std::filesystem::path& path, const TransmittedLight& light,
                   std::span<const PreviewPanel> predictions, Existing existing) {
  const PanelSize size = panel_size_of({light.height, light.width});
  std::vector<Panel> panels{light_panel(light, size)};
  for (const PreviewPanel& prediction : predictions) {
    panels.push_back(prediction_panel(light, prediction, size));
  }
  Canvas canvas = composed(panels, size);
  const auto bar = scale_bar_for(light.width, size.width, light.pixel_um);
  if (bar && std::min(size.height, size.width) >= smallest_panel_with_bar) {
    draw_scale_bar(canvas, {gap, gap + label_height + size.height}, *bar);
  }
  write_file(path, canvas.png(), existing);
}

} // namespace lmc::image
