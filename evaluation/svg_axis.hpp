// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lmc::evaluation {

/// A chart's axis: a range of values laid over a range of pixels.
class Axis {
public:
  /// Which values are shown, and where.
  struct Extent {
    double low = 0; ///< values
    double high = 1;
    double from = 0; ///< pixels
    double to = 1;
  };

  /// A range without extent is widened; a logarithmic axis shows positive values only.
  Axis(const Extent& extent, bool logarithmic);

  [[nodiscard]] double position(double value) const;

  /// Whether a value has a place: finite, and positive on a logarithmic axis.
  [[nodiscard]] bool shows(double value) const;

  /// Round values inside the range: 1, 2 or 5 times powers of ten; powers of ten on a logarithmic
  /// axis that spans more than one.
  [[nodiscard]] std::vector<double> ticks() const;

private:
  [[nodiscard]] double scaled(double value) const;

  Extent extent_;
  bool logarithmic_;
};

/// A tick's value as it is written: "0.5", "1200", "1e-05".
[[nodiscard]] std::string tick_text(double value);

} // namespace lmc::evaluation
