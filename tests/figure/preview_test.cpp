// SPDX-License-Identifier: Apache-2.0
#include "figure/preview.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace lmc;
using namespace lmc::figure;

namespace {

/// A horizontal ramp of 384 x 512 pixels, which is shown one to one.
Plane<std::uint16_t> ramp() {
  Plane<std::uint16_t> plane{384, 512};
  for (Index y = 0; y < plane.height(); ++y) {
    for (Index x = 0; x < plane.width(); ++x) {
      plane(y, x) = static_cast<std::uint16_t>(100 * x);
    }
  }
  return plane;
}

/// Longest run of white pixels in a row of a part of the picture.
Index longest_white_run(const Canvas& picture, Index top, Index bottom, Index left, Index right) {
  Index longest = 0;
  for (Index y = top; y < bottom; ++y) {
    Index run = 0;
    for (Index x = left; x < right; ++x) {
      run = picture.at({x, y}) == white ? run + 1 : 0;
      longest = std::max(longest, run);
    }
  }
  return longest;
}

// A border of 10 pixels, a label of 30, then the panels, 10 pixels apart.
constexpr Index first_row = 40;
constexpr Index first_column = 10;
constexpr Index panel_step = 522;

} // namespace

CATCH_TEST_CASE("panels are at most 512 pixels and keep their shape") {
  CATCH_CHECK(panel_size_of({512, 512}) == Size{512, 512});
  CATCH_CHECK(panel_size_of({1024, 2048}) == Size{256, 512});
  CATCH_CHECK(panel_size_of({384, 512}) == Size{384, 512});
  CATCH_CHECK(panel_size_of({100, 40}) == Size{500, 200});
  CATCH_CHECK(panel_size_of({1, 1}) == Size{512, 512});
  CATCH_CHECK(panel_size_of({3, 100'000}) == Size{1, 512});
}

CATCH_TEST_CASE("a preview shows the transmitted light and tinted predictions") {
  const Plane<std::uint16_t> light = ramp();
  const Plane<float> rising{384, 512, {light.pixels().begin(), light.pixels().end()}};
  const Plane<std::uint16_t> constant{384, 512, 7};
  PreviewPlanes planes{.light = light.view(), .modality = Modality::dic};
  planes.predictions[Organelle::nucleus] = rising.view();
  planes.predictions[Organelle::actin] = constant.view();
  const Canvas picture = preview_of(planes);

  CATCH_REQUIRE(picture.width() == 3 * panel_step + 10);
  CATCH_REQUIRE(picture.height() == first_row + 384 + 10);
  // Black on the left, white on the right; the middle of the ramp is mid-grey.
  CATCH_CHECK((picture.at({first_column, first_row}) == black));
  CATCH_CHECK((picture.at({first_column + 511, first_row}) == white));
  CATCH_CHECK(picture.at({first_column + 256, first_row}).red == Approx(128).margin(2));
  // The nucleus is blue, brightest where the prediction is; a constant is half as bright as can be.
  CATCH_CHECK((picture.at({first_column + panel_step + 511, first_row}) == Colour{96, 190, 255}));
  CATCH_CHECK((picture.at({first_column + panel_step, first_row}) == black));
  CATCH_CHECK(
      (picture.at({first_column + 2 * panel_step + 99, first_row + 99}) == Colour{128, 68, 100}));
}

CATCH_TEST_CASE("a preview carries labels and a scale bar") {
  const Plane<std::uint16_t> light = ramp();
  const Canvas picture =
      preview_of({.light = light.view(), .modality = Modality::dic, .pixel_um = 0.1});
  Index ink = 0;
  for (Index y = 10; y < first_row; ++y) {
    for (Index x = 0; x < picture.width(); ++x) {
      ink += picture.at({x, y}) == white ? 1 : 0;
    }
  }
  CATCH_CHECK(ink > 100);
  // 512 pixels of 0.1 um: a bar of 10 um is 100 pixels long, on the dark left of the ramp.
  CATCH_CHECK(longest_white_run(picture, first_row + 300, first_row + 384, first_column,
                                first_column + 200) == 100);
}

CATCH_TEST_CASE("previews of the smallest images and of constants have a place for their label") {
  const Plane<std::uint16_t> pixel{1, 1};
  CATCH_CHECK(preview_of({.light = pixel.view()}).height() == first_row + 512 + 10);

  const Plane<std::uint16_t> line{257, 3, 500};
  const Canvas picture = preview_of({.light = line.view()});
  CATCH_CHECK(picture.height() == first_row + 257 + 10);
  CATCH_CHECK(picture.width() == 10 + 130 + 10);
  for (Index y = 0; y < first_row; ++y) {
    for (Index x = 140; x < picture.width(); ++x) {
      CATCH_CHECK((picture.at({x, y}) == picture.at({0, 0})));
    }
  }
}

CATCH_TEST_CASE("a preview refuses a prediction of another size") {
  const Plane<std::uint16_t> light{384, 512};
  const Plane<float> small{5, 512};
  PreviewPlanes planes{.light = light.view()};
  planes.predictions[Organelle::tubulin] = small.view();
  CATCH_CHECK_THROWS_WITH(preview_of(planes), "a preview's tubulin has 512 x 5 pixels, the "
                                              "transmitted light 512 x 384");
}

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
