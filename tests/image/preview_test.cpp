// SPDX-License-Identifier: Apache-2.0
#include "image/preview.hpp"

#include "common/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <png.h>

#include <array>
#include <filesystem>
#include <vector>

using namespace lmc::image;
using lmc::Existing;
using lmc::Organelle;

namespace {

struct Picture {
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<std::uint8_t> rgb;

  std::array<int, 3> at(std::size_t x, std::size_t y) const {
    const std::size_t start = (y * width + x) * 3;
    return {rgb.at(start), rgb.at(start + 1), rgb.at(start + 2)};
  }
};

Picture read_png(const std::filesystem::path& path) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  CATCH_REQUIRE(png_image_begin_read_from_file(&header, path.c_str()) != 0);
  header.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> rgb(PNG_IMAGE_SIZE(header));
  CATCH_REQUIRE(png_image_finish_read(&header, nullptr, rgb.data(), 0, nullptr) != 0);
  return {header.height, header.width, rgb};
}

/// A horizontal ramp of 384 x 512 pixels, which is shown one to one.
TransmittedLight ramp() {
  TransmittedLight light;
  light.height = 384;
  light.width = 512;
  for (std::size_t i = 0; i < light.height * light.width; ++i) {
    light.pixels.push_back(static_cast<std::uint16_t>(100 * (i % light.width)));
  }
  light.modality = lmc::Modality::dic;
  light.pixel_um = PixelSize{0.1, 0.1};
  return light;
}

// A border of 10 pixels, a label of 30, then the panels, 10 pixels apart.
constexpr std::size_t first_row = 40;
constexpr std::size_t first_column = 10;
constexpr std::size_t panel_step = 522;

} // namespace

CATCH_TEST_CASE("a preview shows the transmitted light and tinted predictions") {
  const lmc::test::TemporaryFolder folder;
  const TransmittedLight light = ramp();
  const std::vector<float> rising(light.pixels.begin(), light.pixels.end());
  const std::vector<std::uint16_t> constant(light.pixels.size(), 7);
  const std::array panels{PreviewPanel{Organelle::nucleus, std::span<const float>{rising}},
                          PreviewPanel{Organelle::actin, std::span<const std::uint16_t>{constant}}};
  const auto path = folder.path() / "preview.png";
  write_preview(path, light, panels, Existing::refuse);

  const Picture picture = read_png(path);
  CATCH_REQUIRE(picture.width == 3 * panel_step + 10);
  CATCH_REQUIRE(picture.height == first_row + 384 + 10);
  // Black on the left, white on the right; the middle of the ramp is mid-grey.
  CATCH_CHECK(picture.at(first_column, first_row) == std::array{0, 0, 0});
  CATCH_CHECK(picture.at(first_column + 511, first_row) == std::array{255, 255, 255});
  CATCH_CHECK(picture.at(first_column + 256, first_row)[0] == Approx(128).margin(2));
  // The nucleus is blue, brightest where the prediction is; a constant is half as bright as can be.
  const std::array<int, 3> nucleus = picture.at(first_column + panel_step + 511, first_row);
  CATCH_CHECK(nucleus == std::array{96, 190, 255});
  CATCH_CHECK(picture.at(first_column + panel_step, first_row) == std::array{0, 0, 0});
  CATCH_CHECK(picture.at(first_column + 2 * panel_step + 99, first_row + 99) ==
              std::array{128, 68, 100});
}

CATCH_TEST_CASE("a preview carries labels and a scale bar") {
  const lmc::test::TemporaryFolder folder;
  const auto path = folder.path() / "preview.png";
  const TransmittedLight light = ramp();
  write_preview(path, light, {}, Existing::refuse);
  const Picture picture = read_png(path);
  std::size_t label_ink = 0;
  for (std::size_t y = 10; y < first_row; ++y) {
    for (std::size_t x = 0; x < picture.width; ++x) {
      label_ink += picture.at(x, y) == std::array{255, 255, 255} ? 1 : 0;
    }
  }
  CATCH_CHECK(label_ink > 100);
  // 512 pixels of 0.1 um: a bar of 10 um is 100 pixels long, on the dark left of the ramp.
  std::size_t longest = 0;
  for (std::size_t y = first_row + 300; y < first_row + 384; ++y) {
    std::size_t run = 0;
    for (std::size_t x = first_column; x < first_column + 200; ++x) {
      run = picture.at(x, y) == std::array{255, 255, 255} ? run + 1 : 0;
      longest = std::max(longest, run);
    }
  }
  CATCH_CHECK(longest == 100);
}

CATCH_TEST_CASE("previews of the smallest images and of constants are written") {
  const lmc::test::TemporaryFolder folder;
  TransmittedLight pixel;
  pixel.height = 1;
  pixel.width = 1;
  pixel.pixels = {0};
  write_preview(folder.path() / "1x1.png", pixel, {}, Existing::refuse);
  CATCH_CHECK(read_png(folder.path() / "1x1.png").height == first_row + 512 + 10);

  TransmittedLight line;
  line.height = 3;
  line.width = 257;
  line.pixels.assign(3 * 257, 500);
  write_preview(folder.path() / "3x257.png", line, {}, Existing::refuse);
  CATCH_CHECK(read_png(folder.path() / "3x257.png").height == first_row + 3 + 10);
}

CATCH_TEST_CASE("a preview does not overwrite unasked and checks its panels") {
  const lmc::test::TemporaryFolder folder;
  const auto path = folder.path() / "preview.png";
  const TransmittedLight light = ramp();
  write_preview(path, light, {}, Existing::refuse);
  try {
    write_preview(path, light, {}, Existing::refuse);
    CATCH_FAIL("overwritten");
  } catch (const lmc::Error& error) {
    CATCH_CHECK(error.code() == lmc::ErrorCode::output_exists);
  }
  write_preview(path, light, {}, Existing::replace);

  const std::vector<float> too_few(5);
  const std::array panels{PreviewPanel{Organelle::tubulin, std::span<const float>{too_few}}};
  CATCH_CHECK_THROWS_WITH(write_preview(path, light, panels, Existing::replace),
                          "write_preview: tubulin has 5 pixels, the transmitted light 196608");
}
