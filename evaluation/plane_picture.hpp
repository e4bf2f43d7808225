// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/contrast.hpp"
#include "image/preview_canvas.hpp"
#include "image/preview_scale.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lmc::evaluation {

/// Values of a plane, as floats for a picture.
struct PicturePlane {
  std::vector<float> values; ///< [height, width]
  image::PanelSize size;
};

/// The plane as a PNG file, at most 300 pixels wide and high; larger planes are reduced.
[[nodiscard]] std::string png_of(const PicturePlane& plane,
                                 const std::function<image::Colour8(float)>& colour_of);

/// The plane in grey, from the range's low end (black) to its high end (white).
[[nodiscard]] std::string grey_png(const PicturePlane& plane, const image::ContrastRange& range);

} // namespace lmc::evaluation
