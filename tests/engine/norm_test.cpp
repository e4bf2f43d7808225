// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/norm.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc::engine::cpu;

namespace {

/// Sums of the values first, first + step ... of a block, about a pivot.
void fill(BlockSums& sums, Index block, double first, double step, Index count) {
  float* const row = sums.block(block);
  for (Index channel = 0; channel < sums.stride(); ++channel) {
    row[channel] = static_cast<float>(first);
    double sum = 0;
    double squares = 0;
    for (Index i = 0; i < count; ++i) {
      sum += step * static_cast<double>(i);
      squares += step * step * static_cast<double>(i * i);
    }
    row[sums.stride() + channel] = static_cast<float>(sum);
    row[2 * sums.stride() + channel] = static_cast<float>(squares);
  }
  sums.set_count(block, count);
}

} // namespace

CATCH_TEST_CASE("blocks of different sizes make one instance norm") {
  BlockSums sums;
  sums.reserve(2, 16);
  fill(sums, 0, 1000, 0.5, 3); // 1000, 1000.5, 1001
  fill(sums, 1, 1002, 0, 1);   // 1002
  ChannelNorm norm{16};
  sums.finish(norm, {});
  const double mean = 1000.875;
  const double variance = (0.875 * 0.875 + 0.375 * 0.375 + 0.125 * 0.125 + 1.125 * 1.125) / 4;
  CATCH_CHECK(norm.mean.data()[5] == Approx(mean).epsilon(1e-7));
  CATCH_CHECK(norm.factor.data()[5] == Approx(1 / std::sqrt(variance + 1e-5)).epsilon(1e-6));
  CATCH_CHECK(norm.shift.data()[5] == 0.0F);
}

CATCH_TEST_CASE("a constant channel is divided by the root of epsilon") {
  BlockSums sums;
  sums.reserve(1, 16);
  fill(sums, 0, 1e6, 0, 100);
  ChannelNorm norm{16};
  sums.finish(norm, {.mean = {}, .factor = {2}, .shift = {3}});
  CATCH_CHECK(norm.factor.data()[0] == Approx(2 / std::sqrt(1e-5)));
  CATCH_CHECK(norm.shift.data()[0] == 3.0F);
  CATCH_CHECK(norm.factor.data()[1] == Approx(1 / std::sqrt(1e-5))); // beyond the parameters
}

CATCH_TEST_CASE("a batch norm does not depend on the image") {
  BlockSums sums;
  sums.reserve(1, 16);
  fill(sums, 0, 7, 1, 4);
  ChannelNorm norm{16};
  sums.finish(norm, {.mean = {0.5F}, .factor = {2}, .shift = {-1}});
  CATCH_CHECK(norm.mean.data()[0] == 0.5F);
  CATCH_CHECK(norm.factor.data()[0] == 2.0F);
  CATCH_CHECK(norm.shift.data()[0] == -1.0F);
}
