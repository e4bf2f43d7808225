// SPDX-License-Identifier: Apache-2.0
#include "evaluation/ssim.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace lmc::evaluation {

namespace {

constexpr double k1 = 0.01;
constexpr double k2 = 0.03;
constexpr double window_pixels = ssim_window * ssim_window;
constexpr double sample_covariance = window_pixels / (window_pixels - 1);

/// Moments of a pair of planes that the windows are summed for.
enum Moment : std::size_t { first_a, first_b, second_a, second_b, mixed, moment_count };

/// One value per window and moment along a row.
using MomentRow = std::array<std::vector<double>, moment_count>;

/// out[x] = in[x] + ... + in[x + 6]: each sum anew, because running sums drift.
void sum_along(const std::vector<double>& in, std::vector<double>& out) {
  for (std::size_t x = 0; x < out.size(); ++x) {
    out[x] =
        ((in[x] + in[x + 1]) + (in[x + 2] + in[x + 3])) + ((in[x + 4] + in[x + 5]) + in[x + 6]);
  }
}

void sum_rows(const std::array<MomentRow, ssim_window>& rows, std::size_t moment,
              std::vector<double>& out) {
  for (std::size_t x = 0; x < out.size(); ++x) {
    out[x] =
        ((rows[0][moment][x] + rows[1][moment][x]) + (rows[2][moment][x] + rows[3][moment][x])) +
        ((rows[4][moment][x] + rows[5][moment][x]) + rows[6][moment][x]);
  }
}

/// Values are taken relative to these, so that the difference of mean square and squared mean
/// below loses at most (range / K2 range)^2 = 1100 roundings against the constant it is added to.
struct Origin {
  double a = 0;
  double b = 0;
};

/// Makes the moments of one row of pixels, summed along the row.
class RowMoments {
public:
  RowMoments(const NormalisedPlane& a, const NormalisedPlane& b, const Origin& origin)
      : a_{a}, b_{b}, origin_{origin} {
    pixels_.fill(std::vector<double>(static_cast<std::size_t>(a.width())));
  }

  void make(Index y, MomentRow& sums) {
    a_.row(y, pixels_[first_a]);
    b_.row(y, pixels_[first_b]);
    for (std::size_t x = 0; x < pixels_[first_a].size(); ++x) {
      const double value_a = pixels_[first_a][x] -= origin_.a;
      const double value_b = pixels_[first_b][x] -= origin_.b;
      pixels_[second_a][x] = value_a * value_a;
      pixels_[second_b][x] = value_b * value_b;
      pixels_[mixed][x] = value_a * value_b;
    }
    for (std::size_t moment = 0; moment < moment_count; ++moment) {
      sum_along(pixels_[moment], sums[moment]);
    }
  }

private:
  const NormalisedPlane& a_;
  const NormalisedPlane& b_;
  Origin origin_;
  MomentRow pixels_;
};

/// Sum of the similarity over one row of windows.
double similarity_of_row(const MomentRow& sums, const Origin& origin, double range) {
  const double c1 = (k1 * range) * (k1 * range);
  const double c2 = (k2 * range) * (k2 * range);
  double total = 0;
  for (std::size_t x = 0; x < sums[first_a].size(); ++x) {
    const double shifted_a = sums[first_a][x] / window_pixels;
    const double shifted_b = sums[first_b][x] / window_pixels;
    const double variance_a =
        sample_covariance * (sums[second_a][x] / window_pixels - shifted_a * shifted_a);
    const double variance_b =
        sample_covariance * (sums[second_b][x] / window_pixels - shifted_b * shifted_b);
    const double covariance =
        sample_covariance * (sums[mixed][x] / window_pixels - shifted_a * shifted_b);
    const double mean_a = shifted_a + origin.a;
    const double mean_b = shifted_b + origin.b;
    total += (2 * mean_a * mean_b + c1) * (2 * covariance + c2) /
             ((mean_a * mean_a + mean_b * mean_b + c1) * (variance_a + variance_b + c2));
  }
  return total;
}

} // namespace

std::optional<double> structural_similarity(const NormalisedPlane& a, const NormalisedPlane& b) {
  const double range = std::max(a.largest() - a.smallest(), b.largest() - b.smallest());
  if (a.height() < ssim_window || a.width() < ssim_window || range == 0) {
    return std::nullopt;
  }
  const Origin origin{(a.smallest() + a.largest()) / 2, (b.smallest() + b.largest()) / 2};
  const Index windows = a.width() - ssim_window + 1;
  RowMoments moments{a, b, origin};
  MomentRow sums;
  sums.fill(std::vector<double>(static_cast<std::size_t>(windows)));
  std::array<MomentRow, ssim_window> rows; // the last seven, in any order
  rows.fill(sums);
  double total = 0;
  for (Index y = 0; y < a.height(); ++y) {
    moments.make(y, rows[static_cast<std::size_t>(y % ssim_window)]);
    if (y + 1 < ssim_window) {
      continue;
    }
    for (std::size_t moment = 0; moment < moment_count; ++moment) {
      sum_rows(rows, moment, sums[moment]);
    }
    total += similarity_of_row(sums, origin, range);
  }
  return total / static_cast<double>(windows * (a.height() - ssim_window + 1));
}

} // namespace lmc::evaluation
