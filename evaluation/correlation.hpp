// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace lmc::evaluation {

/// Pearson correlation of two images whose means are known, from parts that are added one after the
/// other. Each part is summed on its own first: with rows as parts the rounding error grows with
/// height + width.
class Correlation {
public:
  Correlation(double mean_a, double mean_b) : mean_a_{mean_a}, mean_b_{mean_b} {}

  /// @param a, b of equal length
  template <class T> void add(std::span<const T> a, std::span<const T> b) {
    double product = 0;
    double squares_a = 0;
    double squares_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double centred_a = a[i] - mean_a_;
      const double centred_b = b[i] - mean_b_;
      product += centred_a * centred_b;
      squares_a += centred_a * centred_a;
      squares_b += centred_b * centred_b;
    }
    product_ += product;
    squares_a_ += squares_a;
    squares_b_ += squares_b;
  }

  /// In [-1, 1]; 0 when an image is constant.
  [[nodiscard]] double value() const {
    const double scale = std::sqrt(squares_a_) * std::sqrt(squares_b_);
    return scale > 0 ? std::clamp(product_ / scale, -1.0, 1.0) : 0;
  }

private:
  double mean_a_;
  double mean_b_;
  double product_ = 0;
  double squares_a_ = 0;
  double squares_b_ = 0;
};

} // namespace lmc::evaluation
