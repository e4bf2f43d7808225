// SPDX-License-Identifier: Apache-2.0
#include "figure/plane_picture.hpp"

#include "common/percentile.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace lmc::figure {

namespace {

constexpr Index longest_on_page = 300;

/// Share of source pixel `index` that a target pixel reads.
struct Share {
  Index index = 0;
  double weight = 0;
};

/// For each of `to` target pixels, the source pixels under it; weights add up to one.
std::vector<std::vector<Share>> area_shares(Index from, Index to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  std::vector<std::vector<Share>> shares;
  for (Index target = 0; target < to; ++target) {
    const double begin = static_cast<double>(target) * step;
    const double end = static_cast<double>(target + 1) * step;
    std::vector<Share>& under = shares.emplace_back();
    for (auto source = static_cast<Index>(begin);
         source < from && static_cast<double>(source) < end; ++source) {
      const double overlap = std::min(end, static_cast<double>(source + 1)) -
                             std::max(begin, static_cast<double>(source));
      if (overlap > 1e-9 * step) { // less is left by rounding of `begin` and `end`
        under.push_back({source, overlap / step});
      }
    }
  }
  return shares;
}

template <class T> Plane<float> area_means(PlaneView<T> plane, Size size) {
  const auto rows = area_shares(plane.height(), size.height);
  const auto columns = area_shares(plane.width(), size.width);
  std::vector<float> means;
  means.reserve(rows.size() * columns.size());
  for (const auto& row : rows) {
    for (const auto& column : columns) {
      double sum = 0;
      for (const Share& y : row) {
        for (const Share& x : column) {
          sum += y.weight * x.weight * static_cast<double>(plane(y.index, x.index));
        }
      }
      means.push_back(static_cast<float>(sum));
    }
  }
  return {size.height, size.width, std::move(means)};
}

} // namespace

Size size_of(const GreyView& plane) {
  return std::visit([](const auto& view) { return Size{view.height(), view.width()}; }, plane);
}

Size reduced_to(Index longest, Size size) {
  const Index side = std::max(size.height, size.width);
  if (side <= longest) {
    return size;
  }
  const auto reduced = [&](Index length) {
    return std::max<Index>(1, (length * longest + side / 2) / side);
  };
  return {reduced(size.height), reduced(size.width)};
}

Plane<float> resampled(const GreyView& plane, Size size) {
  return std::visit([&](const auto& view) { return area_means(view, size); }, plane);
}

float ContrastRange::brightness(float value) const {
  if (std::isnan(value)) {
    return 0;
  }
  return high > low ? std::clamp((value - low) / (high - low), 0.0F, 1.0F) : 0.5F;
}

ContrastRange robust_range(std::span<const float> values, double low_percentile,
                           double high_percentile) {
  std::vector<float> finite;
  finite.reserve(values.size());
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](float value) { return std::isfinite(value); });
  if (finite.empty()) {
    return {};
  }
  return {static_cast<float>(percentile_in_place<float>(finite, low_percentile)),
          static_cast<float>(percentile_in_place<float>(finite, high_percentile))};
}

Canvas picture_of(const Plane<float>& plane, const std::function<Colour(float)>& colour_of) {
  Canvas canvas{plane.height(), plane.width(), black};
  for (Index y = 0; y < plane.height(); ++y) {
    for (Index x = 0; x < plane.width(); ++x) {
      canvas.set({x, y}, colour_of(plane(y, x)));
    }
  }
  return canvas;
}

Canvas page_picture(const GreyView& plane, const std::function<Colour(float)>& colour_of) {
  return picture_of(resampled(plane, reduced_to(longest_on_page, size_of(plane))), colour_of);
}

Canvas page_picture(const GreyView& plane, const ContrastRange& range) {
  return page_picture(plane,
                      [&](float value) { return mixed(black, white, range.brightness(value)); });
}

} // namespace lmc::figure
