// SPDX-License-Identifier: Apache-2.0
#include "evaluation/plane_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace lmc::evaluation {

namespace {

constexpr std::size_t longest_side = 300;

/// Large images are reduced, small ones stay.
image::PanelSize picture_size(const image::PanelSize& size) {
  const std::size_t longest = std::max(size.height, size.width);
  if (longest <= longest_side) {
    return size;
  }
  const auto reduced = [&](std::size_t side) {
    return std::max<std::size_t>(1, (side * longest_side + longest / 2) / longest);
  };
  return {reduced(size.height), reduced(size.width)};
}

} // namespace

std::string png_of(const PicturePlane& plane,
                   const std::function<image::Colour8(float)>& colour_of) {
  const image::PanelSize size = picture_size(plane.size);
  const std::vector<float> shown =
      image::resample(std::span<const float>{plane.values}, plane.size, size);
  image::Canvas canvas{size.height, size.width, {}};
  for (std::size_t y = 0; y < size.height; ++y) {
    for (std::size_t x = 0; x < size.width; ++x) {
      canvas.set({x, y}, colour_of(shown[y * size.width + x]));
    }
  }
  return canvas.png();
}

std::string grey_png(const PicturePlane& plane, const image::ContrastRange& range) {
  return png_of(plane, [&](float value) {
    const auto grey = static_cast<std::uint8_t>(std::lround(range.brightness(value) * 255));
    return image::Colour8{grey, grey, grey};
  });
}

} // namespace lmc::evaluation
