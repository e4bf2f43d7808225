// SPDX-License-Identifier: Apache-2.0
#include "image/preview_canvas.hpp"

#include "image/font.hpp"

#include <png.h>

#include <algorithm>
#include <stdexcept>

namespace lmc::image {

Canvas::Canvas(std::size_t height, std::size_t width, Colour8 background)
    : height_{height}, width_{width}, rgb_(height * width * 3) {
  fill({0, 0}, height, width, background);
}

Colour8 Canvas::at(CanvasPoint point) const {
  const std::size_t start = (point.y * width_ + point.x) * 3;
  return {rgb_.at(start), rgb_.at(start + 1), rgb_.at(start + 2)};
}

void Canvas::set(CanvasPoint point, Colour8 colour) {
  if (point.x < width_ && point.y < height_) {
    const std::size_t start = (point.y * width_ + point.x) * 3;
    rgb_[start] = colour.red;
    rgb_[start + 1] = colour.green;
    rgb_[start + 2] = colour.blue;
  }
}

void Canvas::fill(CanvasPoint top_left, std::size_t height, std::size_t width, Colour8 colour) {
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      set({top_left.x + x, top_left.y + y}, colour);
    }
  }
}

void Canvas::draw_text(CanvasPoint top_left, std::string_view text, std::size_t scale,
                       Colour8 colour) {
  for_each_glyph(text, [&](const Glyph& glyph, std::size_t left) {
    for (std::size_t row = 0; row < glyph_rows; ++row) {
      for (std::size_t column = 0; column < glyph.width(); ++column) {
        if (glyph.ink(row, column)) {
          fill({top_left.x + (left + column) * scale, top_left.y + row * scale}, scale, scale,
               colour);
        }
      }
    }
  });
}

std::string Canvas::png() const {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(width_);
  header.height = static_cast<png_uint_32>(height_);
  header.format = PNG_FORMAT_RGB;
  png_alloc_size_t bytes = 0;
  const auto encode = [&](void* target) {
    if (png_image_write_to_memory(&header, target, &bytes, 0, rgb_.data(), 0, nullptr) == 0) {
      throw std::runtime_error{static_cast<const char*>(header.message)};
    }
  };
  encode(nullptr);
  std::string file(bytes, '\0');
  encode(file.data());
  file.resize(bytes);
  return file;
}

} // namespace lmc::image
