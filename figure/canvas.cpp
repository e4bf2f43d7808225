// SPDX-License-Identifier: Apache-2.0
#include "figure/canvas.hpp"

#include <png.h>

#include <stdexcept>

namespace lmc::figure {

void Canvas::set(Point point, Colour colour) {
  if (point.x >= 0 && point.x < width() && point.y >= 0 && point.y < height()) {
    pixels_(point.y, point.x) = colour;
  }
}

void Canvas::fill(Point top_left, Index height, Index width, Colour colour) {
  paste(top_left, Canvas{height, width, colour});
}

void Canvas::paste(Point top_left, const Canvas& picture) {
  for (Index y = 0; y < picture.height(); ++y) {
    for (Index x = 0; x < picture.width(); ++x) {
      set({top_left.x + x, top_left.y + y}, picture.at({x, y}));
    }
  }
}

void Canvas::draw_text(Point top_left, std::string_view text, const Font& font, Colour colour) {
  const Plane<std::uint8_t> coverage = font.coverage(text);
  for (Index y = 0; y < coverage.height(); ++y) {
    for (Index x = 0; x < coverage.width(); ++x) {
      const Point point{top_left.x + x, top_left.y + y};
      if (coverage(y, x) > 0 && point.x < width() && point.y < height()) {
        set(point, mixed(at(point), colour, static_cast<float>(coverage(y, x)) / 255));
      }
    }
  }
}

std::string Canvas::png() const {
  static_assert(sizeof(Colour) == 3, "libpng reads the plane as it is");
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(width());
  header.height = static_cast<png_uint_32>(height());
  header.format = PNG_FORMAT_RGB;
  png_alloc_size_t bytes = 0;
  const auto encode = [&](void* target) {
    if (png_image_write_to_memory(&header, target, &bytes, 0, pixels_.pixels().data(), 0,
                                  nullptr) == 0) {
      throw std::runtime_error{static_cast<const char*>(header.message)};
    }
  };
  encode(nullptr);
  std::string file(bytes, '\0');
  encode(file.data());
  file.resize(bytes);
  return file;
}

} // namespace lmc::figure
