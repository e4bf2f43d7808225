// SPDX-License-Identifier: Apache-2.0
#include "image/preview_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lmc::image {

namespace {

/// Share of source pixel `index` that a target pixel reads.
struct Share {
  std::size_t index = 0;
  double weight = 0;
};

/// For each of `to` target pixels, the source pixels under it; weights add up to one.
std::vector<std::vector<Share>> area_shares(std::size_t from, std::size_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  std::vector<std::vector<Share>> shares(to);
  for (std::size_t target = 0; target < to; ++target) {
    const double begin = static_cast<double>(target) * step;
    const double end = static_cast<double>(target + 1) * step;
    for (auto source = static_cast<std::size_t>(begin); source < from; ++source) {
      const double overlap = std::min(end, static_cast<double>(source + 1)) -
                             std::max(begin, static_cast<double>(source));
      // What is left by rounding of `begin` and `end` is no share.
      if (overlap > 1e-9 * step) {
        shares[target].push_back({source, overlap / step});
      } else if (static_cast<double>(source) >= end) {
        break;
      }
    }
  }
  return shares;
}

template <class Value>
std::vector<float> area_means(std::span<const Value> pixels, PanelSize from, PanelSize to) {
  const auto rows = area_shares(from.height, to.height);
  const auto columns = area_shares(from.width, to.width);
  std::vector<float> result;
  result.reserve(to.height * to.width);
  for (const auto& row : rows) {
    for (const auto& column : columns) {
      double sum = 0;
      for (const Share& y : row) {
        for (const Share& x : column) {
          sum += y.weight * x.weight * static_cast<double>(pixels[y.index * from.width + x.index]);
        }
      }
      result.push_back(static_cast<float>(sum));
    }
  }
  return result;
}

} // namespace

PanelSize panel_size_of(PanelSize image) {
  const std::size_t longest = std::max(image.height, image.width);
  if (longest <= largest_panel) {
    const std::size_t factor = std::max<std::size_t>(largest_panel / longest, 1);
    return {image.height * factor, image.width * factor};
  }
  const auto reduced = [&](std::size_t side) {
    return std::max<std::size_t>((side * largest_panel + longest / 2) / longest, 1);
  };
  return {reduced(image.height), reduced(image.width)};
}

std::vector<float> resample(std::span<const std::uint16_t> pixels, PanelSize from, PanelSize to) {
  return area_means(pixels, from, to);
}

std::vector<float> resample(std::span<const float> pixels, PanelSize from, PanelSize to) {
  return area_means(pixels, from, to);
}

std::optional<ScaleBar> scale_bar_for(std::size_t image_width, std::size_t panel_width,
                                      const std::optional<PixelSize>& pixel_um) {
  const double units = static_cast<double>(image_width) * (pixel_um ? pixel_um->x_um : 1.0);
  const double longest = 0.3 * units;
  const double decade = std::pow(10.0, std::floor(std::log10(longest)));
  // Just above the limit by rounding is within it.
  const double digit = longest / decade * (1 + 1e-9);
  const double value = (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * decade;
  const auto length =
      static_cast<std::size_t>(std::lround(value / units * static_cast<double>(panel_width)));
  if (length == 0 || (!pixel_um && value < 1)) {
    return std::nullopt;
  }
  if (!pixel_um) {
    return ScaleBar{length, fmt::format("{:.0f} px", value)};
  }
  return ScaleBar{length, value < 0.999 ? fmt::format("{:.3g} nm", value * 1000)
                                        : fmt::format("{:.0f} \u00b5m", value)};
}

} // namespace lmc::image
