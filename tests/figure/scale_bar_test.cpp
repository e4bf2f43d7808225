// SPDX-License-Identifier: Apache-2.0
#include "figure/scale_bar.hpp"

#include <catch2/catch.hpp>

using lmc::figure::scale_bar_for;

CATCH_TEST_CASE("the scale bar is the longest round length within 30 % of the panel") {
  // 1000 pixels of 0.1 um: at most 30 um, so 20 um, a fifth of the width.
  const auto bar = scale_bar_for(1000, 500, 0.1);
  CATCH_REQUIRE(bar);
  CATCH_CHECK(bar->label == "20 µm");
  CATCH_CHECK(bar->length == 100);

  const auto exact = scale_bar_for(1000, 500, 1.0 / 3);
  CATCH_REQUIRE(exact);
  CATCH_CHECK(exact->label == "100 µm");
  CATCH_CHECK(exact->length == 150);

  const auto short_one = scale_bar_for(20, 500, 0.1);
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
