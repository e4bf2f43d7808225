// SPDX-License-Identifier: Apache-2.0
#include "evaluation/svg_axis.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lmc::evaluation {

namespace {

constexpr double wanted_ticks = 5;

double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double leading = rough / power;
  return power * (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10);
}

} // namespace

Axis::Axis(const Extent& extent, bool logarithmic) : extent_{extent}, logarithmic_{logarithmic} {
  if (logarithmic_) {
    extent_.high = extent_.high > 0 ? extent_.high : 1;
    extent_.low = extent_.low > 0 ? extent_.low : extent_.high / 10;
  }
  if (!(extent_.high > extent_.low)) {
    const double margin = logarithmic_ ? extent_.low / 2 : std::abs(extent_.low) * 0.1 + 0.5;
    extent_.low -= margin;
    extent_.high += margin;
  }
}

double Axis::scaled(double value) const {
  return logarithmic_ ? std::log10(value) : value;
}

double Axis::position(double value) const {
  const double low = scaled(extent_.low);
  const double part = (scaled(value) - low) / (scaled(extent_.high) - low);
  return extent_.from + part * (extent_.to - extent_.from);
}

bool Axis::shows(double value) const {
  return std::isfinite(value) && (!logarithmic_ || value > 0);
}

std::vector<double> Axis::ticks() const {
  std::vector<double> ticks;
  if (logarithmic_ && extent_.high / extent_.low > 10) {
    const auto last = static_cast<int>(std::floor(std::log10(extent_.high)));
    for (auto power = static_cast<int>(std::ceil(std::log10(extent_.low))); power <= last;
         ++power) {
      ticks.push_back(std::pow(10, power));
    }
    return ticks;
  }
  const double step = round_step((extent_.high - extent_.low) / wanted_ticks);
  const double first = std::ceil(extent_.low / step);
  const double last = std::floor(extent_.high / step + 1e-9);
  for (double k = first; k <= last; ++k) {
    ticks.push_back(k * step);
  }
  return ticks;
}

std::string tick_text(double value) {
  // A multiple of a decimal step may be 0.30000000000000004, and zero may be -0.
  return fmt::format("{:.6g}", value == 0 ? 0.0 : value);
}

} // namespace lmc::evaluation
