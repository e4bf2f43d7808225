// SPDX-License-Identifier: Apache-2.0
#include "figure/plane_picture.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <numeric>
#include <vector>

using namespace lmc;
using namespace lmc::figure;

CATCH_TEST_CASE("robust_range interpolates percentiles as numpy does") {
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [10, 90]) = [1.0, 6.9]
  const std::vector<float> values{3, 1, 4, 1, 5, 9, 2, 6};
  const ContrastRange range = robust_range(values, 10, 90);
  CATCH_CHECK(range.low == Approx(1.0));
  CATCH_CHECK(range.high == Approx(6.9));
  const ContrastRange whole = robust_range(values, 0, 100);
  CATCH_CHECK(whole.low == 1);
  CATCH_CHECK(whole.high == 9);
}

CATCH_TEST_CASE("robust_range leaves out what is not finite") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{nan, 2, infinity, 4, -infinity};
  const ContrastRange range = robust_range(values, 0, 100);
  CATCH_CHECK(range.low == 2);
  CATCH_CHECK(range.high == 4);
  const ContrastRange none = robust_range(std::vector<float>{nan, nan}, 0, 100);
  CATCH_CHECK(none.low == 0);
  CATCH_CHECK(none.high == 0);
}

CATCH_TEST_CASE("brightness clamps, and is mid-grey for a constant image") {
  const ContrastRange range{10, 20};
  CATCH_CHECK(range.brightness(5) == 0);
  CATCH_CHECK(range.brightness(10) == 0);
  CATCH_CHECK(range.brightness(12.5F) == 0.25F);
  CATCH_CHECK(range.brightness(99) == 1);
  CATCH_CHECK(range.brightness(std::numeric_limits<float>::quiet_NaN()) == 0);
  CATCH_CHECK(ContrastRange{7, 7}.brightness(7) == 0.5F);
}

CATCH_TEST_CASE("a size is reduced in its proportions and never enlarged") {
  CATCH_CHECK(reduced_to(300, {300, 20}) == Size{300, 20});
  CATCH_CHECK(reduced_to(300, {600, 1200}) == Size{150, 300});
  CATCH_CHECK(reduced_to(512, {966, 1296}) == Size{382, 512}); // 966 * 512 / 1296 = 381.6
  CATCH_CHECK(reduced_to(300, {3, 100'000}) == Size{1, 300});
}

CATCH_TEST_CASE("reducing averages areas, also by fractions of a pixel") {
  // Two rows of three to one row of two: pixel 1 is shared half and half.
  const Plane<float> plane{2, 3, {0, 3, 6, 12, 15, 18}};
  const Plane<float> reduced = resampled(plane.view(), {1, 2});
  CATCH_REQUIRE(reduced.size() == 2);
  CATCH_CHECK(reduced(0, 0) == Approx((0 + 12 + (3 + 15) / 2.0) / 3));
  CATCH_CHECK(reduced(0, 1) == Approx((6 + 18 + (3 + 15) / 2.0) / 3));
}

CATCH_TEST_CASE("reducing keeps the mean of a non-square image") {
  Plane<float> ramp{97, 131};
  std::iota(ramp.pixels().begin(), ramp.pixels().end(), 0.0F);
  const Plane<float> reduced = resampled(ramp.view(), {31, 57});
  CATCH_REQUIRE(reduced.size() == 31 * 57);
  const double mean =
      std::accumulate(reduced.pixels().begin(), reduced.pixels().end(), 0.0) / (31 * 57);
  CATCH_CHECK(mean == Approx((97 * 131 - 1) / 2.0).epsilon(1e-6));
}

CATCH_TEST_CASE("enlarging repeats pixels") {
  const Plane<std::uint16_t> plane{1, 2, {1, 2}};
  CATCH_CHECK(resampled(plane.view(), {2, 4}).pixels() ==
              std::vector<float>{1, 1, 2, 2, 1, 1, 2, 2});
}

CATCH_TEST_CASE("a page's picture is grey between the range's ends, and not too large") {
  const Plane<float> plane{1, 3, {10, 20, 30}};
  const Canvas picture = page_picture(plane.view(), ContrastRange{10, 30});
  CATCH_CHECK((picture.at({0, 0}) == black));
  CATCH_CHECK((picture.at({1, 0}) == Colour{128, 128, 128}));
  CATCH_CHECK((picture.at({2, 0}) == white));

  const Plane<std::uint16_t> large{600, 1200, 7};
  const Canvas reduced = page_picture(large.view(), [](float value) {
    return value == 7 ? Colour{1, 2, 3} : black;
  });
  CATCH_CHECK(reduced.height() == 150);
  CATCH_CHECK(reduced.width() == 300);
  CATCH_CHECK((reduced.at({299, 149}) == Colour{1, 2, 3}));
}
