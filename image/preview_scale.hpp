// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lmc::image {

/// Longest side of a preview's panel, pixels.
inline constexpr std::size_t largest_panel = 512;

/// Size of a panel in a preview.
struct PanelSize {
  std::size_t height = 0;
  std::size_t width = 0;

  friend bool operator==(const PanelSize&, const PanelSize&) = default;
};

/// Size at which an image of this size is shown: reduced until both sides are at most
/// `largest_panel`; small images are enlarged by a whole factor, to at least half of that.
[[nodiscard]] PanelSize panel_size_of(PanelSize image);

/// Values of an image of size `from`, resampled to `to`. Each pixel is the mean over the area that
/// it covers, so that the image's mean is kept; whole enlargements repeat pixels.
/// @param pixels [from.height, from.width], row-major
[[nodiscard]] std::vector<float> resample(std::span<const std::uint16_t> pixels, PanelSize from,
                                          PanelSize to);
[[nodiscard]] std::vector<float> resample(std::span<const float> pixels, PanelSize from,
                                          PanelSize to);

/// A bar for judging lengths.
struct ScaleBar {
  std::size_t length = 0; ///< pixels of the panel
  std::string label;      ///< "20 µm", "500 nm"; "100 px" where the pixel size is unknown
};

/// The longest bar of 1, 2 or 5 times a power of ten units that takes at most 30 % of the panel's
/// width; nothing when not even one pixel fits.
/// @param image_width pixels of the image, which fill `panel_width` pixels
[[nodiscard]] std::optional<ScaleBar> scale_bar_for(std::size_t image_width,
                                                    std::size_t panel_width,
                                                    const std::optional<PixelSize>& pixel_um);

} // namespace lmc::image
