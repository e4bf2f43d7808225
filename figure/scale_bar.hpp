// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <optional>
#include <string>

namespace lmc::figure {

/// A bar for judging lengths.
struct ScaleBar {
  Index length = 0;  ///< pixels of the panel
  std::string label; ///< "20 µm", "500 nm"; "100 px" where the pixel size is unknown
};

/// The longest bar of 1, 2 or 5 times a power of ten units that takes at most 30 % of the panel's
/// width; nothing when not even one pixel fits.
/// @param image_width pixels of the image, which fill `panel_width` pixels
/// @param pixel_um width of a pixel of the image
[[nodiscard]] std::optional<ScaleBar> scale_bar_for(Index image_width, Index panel_width,
                                                    std::optional<double> pixel_um);

} // namespace lmc::figure
