// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/any_plane.hpp"

#include <span>

namespace lmc::evaluation {

/// A plane as the challenge's metrics see it: (x - p2) / (p99.8 - p2) with the percentiles of the
/// whole plane, not clipped; as it is when the two are equal. Rows are made on demand, so that no
/// second copy of the plane in double is kept.
class NormalisedPlane {
public:
  /// @throws std::invalid_argument for an empty plane, NaN or infinity
  explicit NormalisedPlane(const AnyView& plane);

  [[nodiscard]] Index height() const noexcept { return height_; }
  [[nodiscard]] Index width() const noexcept { return width_; }

  /// Smallest and largest value, normalised.
  [[nodiscard]] double smallest() const noexcept { return smallest_; }
  [[nodiscard]] double largest() const noexcept { return largest_; }
  [[nodiscard]] bool is_constant() const noexcept { return smallest_ == largest_; }

  /// Writes row `y`.
  /// @param values [width]
  void row(Index y, std::span<double> values) const;

private:
  AnyView plane_;
  Index height_ = 0;
  Index width_ = 0;
  double low_ = 0;   ///< 2nd percentile, or 0
  double scale_ = 1; ///< 99.8th percentile minus `low_`, or 1
  double smallest_ = 0;
  double largest_ = 0;
};

} // namespace lmc::evaluation
