// SPDX-License-Identifier: Apache-2.0
#include "image/preview_scale.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <vector>

using namespace lmc::image;

CATCH_TEST_CASE("panels are at most 512 pixels and keep their shape") {
  CATCH_CHECK(panel_size_of({512, 512}) == PanelSize{512, 512});
  CATCH_CHECK(panel_size_of({1024, 2048}) == PanelSize{256, 512});
  CATCH_CHECK(panel_size_of({966, 1296}) == PanelSize{382, 512}); // 966 * 512 / 1296 = 381.6
  CATCH_CHECK(panel_size_of({384, 512}) == PanelSize{384, 512});
  CATCH_CHECK(panel_size_of({100, 40}) == PanelSize{500, 200});
  CATCH_CHECK(panel_size_of({1, 1}) == PanelSize{512, 512});
  CATCH_CHECK(panel_size_of({3, 100'000}) == PanelSize{1, 512});
}

CATCH_TEST_CASE("reducing averages areas, also by fractions of a pixel") {
  // Two rows of three to one row of two: pixel 1 is shared half and half.
  const std::vector<float> pixels{0, 3, 6, 12, 15, 18};
  const std::vector<float> reduced = resample(std::span<const float>{pixels}, {2, 3}, {1, 2});
  CATCH_REQUIRE(reduced.size() == 2);
  CATCH_CHECK(reduced[0] == Approx((0 + 12 + (3 + 15) / 2.0) / 3));
  CATCH_CHECK(reduced[1] == Approx((6 + 18 + (3 + 15) / 2.0) / 3));
}

CATCH_TEST_CASE("reducing keeps the mean of a non-square image") {
  std::vector<float> ramp(97 * 131);
  std::iota(ramp.begin(), ramp.end(), 0.0F);
  const std::vector<float> reduced = resample(std::span<const float>{ramp}, {97, 131}, {31, 57});
  CATCH_REQUIRE(reduced.size() == 31 * 57);
  const double mean = std::accumulate(reduced.begin(), reduced.end(), 0.0) / (31 * 57);
  CATCH_CHECK(mean == Approx((97 * 131 - 1) / 2.0).epsilon(1e-6));
}

CATCH_TEST_CASE("enlarging repeats pixels") {
  const std::vector<std::uint16_t> pixels{1, 2};
  const std::vector<float> enlarged =
      resample(std::span<const std::uint16_t>{pixels}, {1, 2}, {2, 4});
  CATCH_CHECK(enlarged == std::vector<float>{1, 1, 2, 2, 1, 1, 2, 2});
}

CATCH_TEST_CASE("the scale bar is the longest round length within 30 % of the panel") {
  // 1000 pixels of 0.1 um: at most 30 um, so 20 um, a fifth of the width.
  const auto bar = scale_bar_for(1000, 500, PixelSize{0.1, 0.1});
  CATCH_REQUIRE(bar);
  CATCH_CHECK(bar->label == "20 \u00b5m");
  CATCH_CHECK(bar->length == 100);

  const auto exact = scale_bar_for(1000, 500, PixelSize{1.0 / 3, 1.0 / 3});
  CATCH_REQUIRE(exact);
  CATCH_CHECK(exact->label == "100 \u00b5m");
  CATCH_CHECK(exact->length == 150);

  const auto short_one = scale_bar_for(20, 500, PixelSize{0.1, 0.1});
  CATCH_REQUIRE(short_one);
  CATCH_CHECK(short_one->label == "500 nm");
  CATCH_CHECK(short_one->length == 125);
}

CATCH_TEST_CASE("without a pixel size the bar counts pixels of the image") {
  const auto bar = scale_bar_for(1024, 512, std::nullopt);
  CATCH_REQUIRE(bar);
  CATCH_CHECK(bar->label == "200 px");
  CATCH_CHECK(bar->length == 100);
  CATCH_CHECK_FALSE(scale_bar_for(1, 512, std::nullopt));
}
