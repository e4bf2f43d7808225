// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/layout.hpp"

#include "image/tiff/stream.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

TiffLayout layout_of(const TestPage& page) {
  const TemporaryFolder folder;
  const OpenFile file{folder.file("a.tiff", tiff_of({page}))};
  return read_layout(TiffStream{file.descriptor(), "r"}.handle(), file.path());
}

std::string unsupported(const TestPage& page) {
  return cause_of(ErrorCode::input_unsupported, [&] { static_cast<void>(layout_of(page)); });
}

} // namespace

CATCH_TEST_CASE("A layout says how values are stored and what they mean") {
  const TiffLayout grey = layout_of(
      {.width = 5, .height = 4, .tags = {{278, 4, {2}}, {273, 4, {8, 28}}, {279, 4, {20, 20}}}});
  CATCH_CHECK(grey.width == 5);
  CATCH_CHECK(grey.height == 4);
  CATCH_CHECK(grey.type == PixelType::uint16);
  CATCH_CHECK(grey.colours.colour == Colour::grey);
  CATCH_CHECK(grey.chunk_height == 2);
  CATCH_CHECK(grey.chunk_row_bytes == 10);
  CATCH_CHECK_FALSE(grey.tiled);
  CATCH_CHECK_FALSE(grey.pixel_um);

  const TiffLayout rgba = layout_of(
      {.bits = 8,
       .samples = 4,
       .photometric = 2,
       .tags = {
           {338, 3, {2}}, {284, 3, {2}}, {273, 4, {8, 20, 32, 44}}, {279, 4, {12, 12, 12, 12}}}});
  CATCH_CHECK(rgba.colours.colour == Colour::rgb);
  CATCH_CHECK(rgba.colours.colour_samples == 3);
  CATCH_CHECK(rgba.separate);
  CATCH_CHECK(layout_of({.photometric = 0}).colours.colour == Colour::inverted_grey);
}

CATCH_TEST_CASE("Resolutions are sizes only if they are believable") {
  const auto rational = [](std::uint64_t numerator) { return numerator | std::uint64_t{1} << 32; };
  const auto size = [&](std::uint64_t x, std::uint64_t y, std::uint64_t unit) {
    return layout_of({.tags = {{282, 5, {rational(x)}}, {283, 5, {rational(y)}}, {296, 3, {unit}}}})
        .pixel_um;
  };
  CATCH_CHECK(size(100'000, 50'000, 3)->y_um == Approx(0.2));
  CATCH_CHECK(size(254'000, 254'000, 2)->x_um == Approx(0.1));
  CATCH_CHECK_FALSE(size(72, 72, 2)); // a screen's
  CATCH_CHECK_FALSE(size(100'000, 0, 3));
  CATCH_CHECK_FALSE(size(100'000, 100'000, 1)); // no unit
  CATCH_CHECK(is_sane({0.01, 100}));
  CATCH_CHECK_FALSE(is_sane({0.0099, 1}));
  CATCH_CHECK_FALSE(is_sane({1, 100.1}));
}

CATCH_TEST_CASE("fault 13: codecs that are not read are named, with a way out") {
  CATCH_CHECK_THAT(unsupported({.tags = {{259, 3, {34712}}}}), Contains("JPEG 2000"));
  CATCH_CHECK_THAT(unsupported({.tags = {{259, 3, {34892}}}}), Contains("lossy JPEG (DNG)"));
  CATCH_CHECK_THROWS_WITH(layout_of({.tags = {{259, 3, {50002}}}}),
                          Contains("JPEG XL") && Contains("bfconvert"));
}

CATCH_TEST_CASE("Sample formats that are not read are named") {
  CATCH_CHECK_THAT(unsupported({.bits = 64, .sample_format = 6}), Contains("complex"));
  CATCH_CHECK_THAT(unsupported({.bits = 8, .sample_format = 3}), Contains("8-bit floating point"));
  CATCH_CHECK_THAT(unsupported({.bits = 8, .samples = 3, .photometric = 6}),
                   Contains("YCbCr without JPEG"));
}
