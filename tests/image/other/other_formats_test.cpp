// SPDX-License-Identifier: Apache-2.0
#include "image/input_image.hpp"
#include "tests/image/failure.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <png.h>

#include <string>
#include <vector>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

using Pixels = std::vector<std::uint16_t>;

std::string uint16_bytes(const Pixels& values) {
  std::string bytes;
  for (const std::uint16_t value : values) {
    bytes += static_cast<char>(value & 0xff);
    bytes += static_cast<char>(value >> 8);
  }
  return bytes;
}

std::string meta_image(const std::string& sizes, const std::string& data,
                       const std::string& more = "") {
  return "ObjectType = Image\nNDims = 2\nDimSize = " + sizes +
         "\nElementType = MET_USHORT\nElementByteOrderMSB = False\n" + more +
         "ElementDataFile = LOCAL\n" + data;
}

/// A PNG of these 16-bit grey values, by libpng.
std::string png_of(std::uint32_t width, const Pixels& values) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = static_cast<std::uint32_t>(values.size() / width);
  image.format = PNG_FORMAT_LINEAR_Y;
  png_alloc_size_t size = 0;
  CATCH_REQUIRE(png_image_write_to_memory(&image, nullptr, &size, 0, values.data(), 0, nullptr));
  std::string bytes(size, '\0');
  CATCH_REQUIRE(
      png_image_write_to_memory(&image, bytes.data(), &size, 0, values.data(), 0, nullptr));
  return bytes;
}

} // namespace

CATCH_TEST_CASE("MetaImage: values, sizes and millimetres") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mha", meta_image("3 2", uint16_bytes({1, 2, 3, 4, 5, 65535}),
                                                    "ElementSpacing = 0.0001 0.0002\n"));
  const TransmittedLight image = read_transmitted_light(path, {.modality = lmc::Modality::dic});
  CATCH_CHECK(image.pixels.height() == 2);
  CATCH_CHECK(image.pixels.width() == 3);
  CATCH_CHECK(image.pixels.pixels() == Pixels{1, 2, 3, 4, 5, 65535});
  CATCH_REQUIRE(image.pixel_um);
  CATCH_CHECK(image.pixel_um->x_um == Approx(0.1));
  CATCH_CHECK(image.pixel_um->y_um == Approx(0.2));
  CATCH_CHECK(image.provenance.format == "MetaImage");
  CATCH_CHECK(image.modality == lmc::Modality::dic);
}

CATCH_TEST_CASE("NRRD: a stack is z") {
  const TemporaryFolder folder;
  const auto path =
      folder.file("a.nrrd", "NRRD0004\ntype: uint16\ndimension: 3\nsizes: 2 1 3\nendian: little\n"
                            "encoding: raw\n\n" +
                                uint16_bytes({1, 2, 3, 4, 5, 6}));
  const InputImage image = InputImage::open(path, {});
  CATCH_REQUIRE(image.z_planes() == 3);
  CATCH_CHECK(image.read_plane(0, 2).pixels.pixels() == Pixels{5, 6});
}

CATCH_TEST_CASE("PNG: 16-bit grey values") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.png", png_of(3, {0, 1, 300, 40000, 65535, 7}));
  CATCH_CHECK(read_transmitted_light(path).pixels.pixels() == Pixels{0, 1, 300, 40000, 65535, 7});
}

CATCH_TEST_CASE("A damaged PNG is rejected with libpng's reason, wherever it is damaged") {
  const TemporaryFolder folder;
  const std::string whole = png_of(64, Pixels(64 * 64, 777));
  int rejected = 0;
  for (std::size_t at = 8; at < whole.size() - 12; at += 3) {
    std::string changed = whole;
    changed[at] = static_cast<char>(~changed[at]);
    const auto path = folder.file("a.png", changed);
    CATCH_CAPTURE(at);
    try {
      // Damage to what does not concern the pixels is no fault.
      const Pixels pixels = read_transmitted_light(path).pixels.pixels();
      CATCH_CHECK(pixels == Pixels(64 * 64, 777));
    } catch (const lmc::Error& error) {
      ++rejected;
      CATCH_CHECK_THAT(error.cause(), Contains("cannot be read as PNG ("));
    }
  }
  CATCH_CHECK(rejected > 5);
  for (std::size_t size = 9; size < whole.size() - 12; size += 7) {
    const auto path = folder.file("a.png", whole.substr(0, size));
    CATCH_CHECK(!cause_of(ErrorCode::input_corrupt, [&] {
                   static_cast<void>(read_transmitted_light(path));
                 }).empty());
  }
}

CATCH_TEST_CASE("fault 3: truncated and impossible images of other formats are rejected") {
  const TemporaryFolder folder;
  const auto rejection = [&](ErrorCode code, const std::string& content) {
    const auto path = folder.file("a.mha", content);
    return cause_of(code, [&] { static_cast<void>(read_transmitted_light(path)); });
  };
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt, meta_image("30 20", std::string(1190, 'x'))),
                   Contains("MetaImage") && Contains("truncated"));
  const auto nrrd = folder.file("a.nrrd", "NRRD0004\ntype: uint16\ndimension: 2\nsizes: 30 20\n"
                                          "endian: little\nencoding: raw\n\n" +
                                              std::string(1190, 'x'));
  CATCH_CHECK_THAT(
      cause_of(ErrorCode::input_corrupt, [&] { static_cast<void>(read_transmitted_light(nrrd)); }),
      Contains("NRRD"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_too_large, meta_image("100000 100000", "x")),
                   Contains("100000 x 100000 pixels"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_too_large, meta_image("20000 20000", "x")),
                   Contains("exceeds what a file of"));
}

CATCH_TEST_CASE("Element types that are unknown are rejected") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mha", "ObjectType = Image\nNDims = 2\nDimSize = 1 1\n"
                                         "ElementType = MET_USHORU\nElementDataFile = LOCAL\nxx");
  CATCH_CHECK_THROWS_WITH(read_transmitted_light(path), Contains("error[E30"));
}

CATCH_TEST_CASE("Other formats have no channels to choose") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mha", meta_image("1 1", uint16_bytes({1})));
  CATCH_CHECK_THAT(
      cause_of(ErrorCode::input_ambiguous,
               [&] { static_cast<void>(read_transmitted_light(path, {.channel = "PC"})); }),
      Contains("MetaImage files have no channels"));
}
