// SPDX-License-Identifier: Apache-2.0
#include "evaluation/normalised_plane.hpp"

#include "common/percentile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace lmc::evaluation {

namespace {

constexpr double low_percent = 2;
constexpr double high_percent = 99.8;

template <class T> void refuse_not_finite(std::span<const T> values) {
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::ranges::all_of(values, [](T value) { return std::isfinite(value); })) {
      throw std::invalid_argument{"a plane with NaN or infinite pixels has no metrics"};
    }
  }
}

} // namespace

NormalisedPlane::NormalisedPlane(const AnyView& plane) : plane_{plane} {
  std::visit(
      [&]<class T>(PlaneView<const T> view) {
        height_ = view.height();
        width_ = view.width();
        const std::span<const T> values = view.pixels();
        if (values.empty()) {
          throw std::invalid_argument{fmt::format("a plane of {} x {} pixels", height_, width_)};
        }
        refuse_not_finite(values);
        std::vector<T> copy(values.begin(), values.end());
        const double low = percentile_in_place<T>(copy, low_percent);
        const double high = percentile_in_place<T>(copy, high_percent);
        if (low != high) {
          low_ = low;
          scale_ = high - low;
        }
        const auto [smallest, largest] = std::ranges::minmax(values);
        smallest_ = (static_cast<double>(smallest) - low_) / scale_;
        largest_ = (static_cast<double>(largest) - low_) / scale_;
      },
      plane);
}

void NormalisedPlane::row(Index y, std::span<double> values) const {
  std::visit(
      [&](const auto& view) {
        std::ranges::transform(view.row(y), values.begin(), [&](auto value) {
          return (static_cast<double>(value) - low_) / scale_;
        });
      },
      plane_);
}

} // namespace lmc::evaluation
