// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "figure/canvas.hpp"
#include "figure/plane_picture.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lmc::figure {

/// Longest side of a preview's panel, pixels.
inline constexpr Index largest_panel = 512;

/// A transmitted-light plane and what was predicted of it, to be drawn.
struct PreviewPlanes {
  PlaneView<const std::uint16_t> light;
  Modality modality = Modality::unknown;
  std::optional<double> pixel_um = std::nullopt; ///< width of a pixel
  PerOrganelle<GreyView> predictions = {};       ///< of the same size; empty ones are left out
};

/// The transmitted light and its predictions side by side: labelled, each with a contrast of its
/// own, organelles tinted, with a scale bar. For looking at, not for measuring.
/// @throws std::invalid_argument when a prediction's size is not that of the transmitted light
[[nodiscard]] Canvas preview_of(const PreviewPlanes& planes);

/// Size at which a preview shows an image: reduced until both sides are at most `largest_panel`;
/// small images are enlarged by a whole factor, to at least half of that.
[[nodiscard]] Size panel_size_of(Size image);

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
