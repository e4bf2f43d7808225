// SPDX-License-Identifier: Apache-2.0
#include "figure/scale_bar.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lmc::figure {

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

} // namespace lmc::figure
