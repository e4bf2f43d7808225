// SPDX-License-Identifier: Apache-2.0
// What images that are damaged, unusual or hostile get, from file to plane. The numbers are those
// of tests/FAULTS.md.
#include "image/input_image.hpp"

#include "image/tiff/writer.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/faulty_image.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <tiffio.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::Modality;

namespace {

using Pixels = std::vector<std::uint16_t>;

template <class T> std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

long peak_kb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

} // namespace

CATCH_TEST_CASE("fault 1: an empty file is rejected as empty") {
  CATCH_CHECK(rejection(ErrorCode::input_empty, "") == "empty file");
}

CATCH_TEST_CASE("fault 2: what is no TIFF is rejected by what it looks like") {
  CATCH_CHECK_THAT(rejection(ErrorCode::input_not_an_image, "<!DOCTYPE html><html>404"),
                   Contains("an HTML page"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_not_an_image,
                             "version https://git-lfs.github.com/spec/v1\noid sha256:1"),
                   Contains("a Git LFS pointer"));
  // A renamed PNG is read as what it is; a damaged one is no image.
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt, "\x89PNG\r\n\x1a\n and no more"),
                   Contains("PNG"));
}

CATCH_TEST_CASE("fault 3: truncated strips and files are rejected, never filled") {
  const std::string whole = tiff_of({{.width = 40, .height = 30}});
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt,
                             tiff_of({{.width = 40, .height = 30, .raw = std::string(2399, 'x')}})),
                   Contains("strip 0 is truncated: it has 2399 of 2400 bytes"));
  // The directory stands behind the strip: cut anywhere, the file is no image.
  for (std::size_t size = 8; size < whole.size() - 4; size += 61) {
    CATCH_CHECK(!rejection(ErrorCode::input_corrupt, whole.substr(0, size)).empty());
  }
}

CATCH_TEST_CASE("fault 4: a page list that loops gives the first page if it is complete") {
  const TransmittedLight image = read(tiff_of({page_of(5), page_of(7)}, {.loop = true}));
  CATCH_CHECK(image.pixels.pixels()[1] == 5);
  CATCH_CHECK_THAT(warnings_of(image), Contains("loops"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt,
                             tiff_of({{.tags = {{273, 4, {100000}}}}, {}}, {.loop = true})),
                   Contains("strip 0"));
}

CATCH_TEST_CASE("fault 5: pages beyond the cap are not looked at, SubIFDs are no pages") {
  const std::vector<TestPage> pages(300, page_of(1));
  const TransmittedLight image = read(tiff_of(pages), {.max_pages = 9});
  CATCH_CHECK_THAT(warnings_of(image), Contains("only the first 9 pages are used") &&
                                           Contains("9 focal planes and 1 time points"));
  CATCH_CHECK(ReadOptions{}.max_pages == 100'000);
  CATCH_CHECK_FALSE(warnings_of(read(tiff_of({{.tags = {{330, 4, {8, 8}}}}}))).find("pages") !=
                    std::string::npos);
}

CATCH_TEST_CASE("faults 6 and 7: impossible sizes are rejected without memory") {
  const long before = peak_kb();
  CATCH_CHECK_THAT(
      rejection(ErrorCode::input_corrupt, tiff_of({{.raw = "x", .tags = {{257, 4, {0}}}}})),
      Contains("4 x 0 pixels"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt,
                             tiff_of({{.raw = "x", .tags = {{256, 4, {0x80000001}}}}})),
                   Contains("2147483649 x 3 pixels"));
  CATCH_CHECK_THAT(
      rejection(ErrorCode::input_too_large,
                tiff_of({{.raw = "x", .tags = {{256, 4, {100'000}}, {257, 4, {100'000}}}}})),
      Contains("100000 x 100000 pixels exceeds what a file of"));
  CATCH_CHECK(peak_kb() - before < 50 * 1024);
}

CATCH_TEST_CASE("fault 8: a compressed bomb meets the pixel limit, which is an option") {
  const long before = peak_kb();
  const std::string bomb = tiff_of({{.bits = 8,
                                     .raw = std::string(100'000, 'x'),
                                     .tags = {{256, 4, {40'000}},
                                              {257, 4, {30'000}},
                                              {259, 3, {COMPRESSION_ZSTD}},
                                              {278, 4, {30'000}}}}});
  CATCH_CHECK_THAT(rejection(ErrorCode::input_too_large, bomb),
                   Contains("40000 x 30000 pixels are more than the limit of 1073741824"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_too_large, tiff_of({{}}), {.max_pixels = 11}),
                   Contains("more than the limit of 11 pixels"));
  CATCH_CHECK(peak_kb() - before < 50 * 1024);
}

CATCH_TEST_CASE("fault 9: a large image is read in little more than its own size") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "large.tiff";
  constexpr std::size_t side = 6000;
  {
    OmeTiffDescription description;
    description.height = side;
    description.width = side;
    description.channel_name = "BF";
    Pixels pixels(side * side);
    std::iota(pixels.begin(), pixels.end(), std::uint16_t{0});
    OmeTiffWriter writer{path, description};
    writer.write_plane(pixels);
    writer.commit(lmc::Existing::refuse);
  }
  const long before = peak_kb();
  const TransmittedLight image = read_transmitted_light(path);
  CATCH_CHECK(image.pixels.pixels()[side * side - 1] == (side * side - 1) % 65536);
  // The plane as stored, as uint16, and once more on the way to the caller.
  CATCH_CHECK(peak_kb() - before < static_cast<long>(3 * side * side * 2 / 1024) + 20 * 1024);
}

CATCH_TEST_CASE("fault 14: 8-bit images are scaled to 16 bits, with a warning") {
  const TransmittedLight image =
      read(tiff_of({{.width = 3, .height = 1, .bits = 8, .values = {0, 100, 255}}}));
  CATCH_CHECK(image.pixels.pixels() == Pixels{0, 25700, 65535});
  CATCH_CHECK(image.provenance.input_bits == 8);
  CATCH_CHECK_THAT(warnings_of(image), Contains("8-bit image"));
}

CATCH_TEST_CASE("fault 15: colour is grey only if its channels agree, or when asked for") {
  const TestPage equal{.width = 2,
                       .height = 1,
                       .bits = 8,
                       .samples = 3,
                       .photometric = 2,
                       .values = {9, 9, 9, 200, 200, 200}};
  CATCH_CHECK(read(tiff_of({equal})).pixels.pixels() == Pixels{9 * 257, 200 * 257});
  // With alpha, which does not count.
  const TestPage alpha{.width = 2,
                       .height = 1,
                       .bits = 8,
                       .samples = 4,
                       .photometric = 2,
                       .values = {9, 9, 9, 255, 200, 200, 200, 1},
                       .tags = {{338, 3, {2}}}};
  CATCH_CHECK(read(tiff_of({alpha})).pixels.pixels() == Pixels{9 * 257, 200 * 257});

  TestPage colour = equal;
  colour.values = {9, 9, 9, 100, 200, 50};
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported, tiff_of({colour})),
                   Contains("3 samples (RGB) that differ"));
  // 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153
  CATCH_CHECK(read(tiff_of({colour}), {.rgb_luminance = true}).pixels.pixels() ==
              Pixels{9 * 257, 153 * 257});
}

CATCH_TEST_CASE("fault 16: a palette is rejected unless it is grey") {
  TestPage page{.width = 4, .height = 1, .bits = 8, .photometric = 3, .values = {0, 1, 255, 128}};
  TestTag palette{320, 3, {}};
  for (int channel = 0; channel < 3; ++channel) {
    for (std::uint64_t i = 0; i < 256; ++i) {
      palette.values.push_back(i * 200);
    }
  }
  page.tags = {palette};
  CATCH_CHECK(read(tiff_of({page})).pixels.pixels() == Pixels{0, 200, 51000, 25600});
  page.tags[0].values[1] = 7; // red of entry 1
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported, tiff_of({page})),
                   Contains("indices into a palette of colours"));
  page.sample_format = 2;
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported, tiff_of({page})),
                   Contains("palette is looked up with int8 values"));
  page.tags.clear();
  page.sample_format = 1;
  CATCH_CHECK_THAT(rejection(ErrorCode::input_corrupt, tiff_of({page})),
                   Contains("a palette that is missing"));
}

CATCH_TEST_CASE("fault 17: MINISWHITE integers are inverted, floats rejected") {
  CATCH_CHECK(read(tiff_of({{.width = 2, .height = 1, .photometric = 0, .values = {0, 65000}}}))
                  .pixels.pixels() == Pixels{65535, 535});
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported,
                             tiff_of({{.bits = 32, .photometric = 0, .sample_format = 3}})),
                   Contains("float32 values are MINISWHITE"));
}

CATCH_TEST_CASE("fault 18: packed 12-bit and 1-bit pixels keep their values, int8 its sign") {
  const TransmittedLight twelve =
      read(tiff_of({{.width = 2, .height = 1, .bits = 12, .raw = std::string("\xab\xc1\x23", 3)}}));
  CATCH_CHECK(twelve.pixels.pixels() == Pixels{0xabc, 0x123});
  CATCH_CHECK(twelve.provenance.input_bits == 12);
  CATCH_CHECK(
      read(tiff_of({{.width = 4, .height = 1, .bits = 1, .raw = "\xa0"}})).pixels.pixels() ==
      Pixels{1, 0, 1, 0});
  const TestPage signed_page{
      .width = 2, .height = 1, .bits = 8, .sample_format = 2, .values = {3, 0x7f}};
  CATCH_CHECK(read(tiff_of({signed_page})).pixels.pixels() == Pixels{3, 127});
  TestPage negative = signed_page;
  negative.values[0] = 0xff;
  CATCH_CHECK_THAT(rejection(ErrorCode::input_pixels, tiff_of({negative})),
                   Contains("int8 values range from -1 to 127"));
}

CATCH_TEST_CASE("fault 19: other sample types are read by value or rejected by name") {
  const auto page = [](std::uint16_t bits, std::uint16_t format, const std::string& raw) {
    return tiff_of({{.width = 2, .height = 1, .bits = bits, .sample_format = format, .raw = raw}});
  };
  CATCH_CHECK(read(page(64, 3, bytes_of<double>({0.25, 65535.0}))).pixels.pixels() ==
              Pixels{0, 65535});
  CATCH_CHECK(read(page(32, 3, bytes_of<float>({0.0F, 0.5F}))).pixels.pixels() == Pixels{0, 32768});
  // 2.0 and 1024.0 as binary16
  CATCH_CHECK(read(page(16, 3, bytes_of<std::uint16_t>({0x4000, 0x6400}))).pixels.pixels() ==
              Pixels{2, 1024});
  CATCH_CHECK(read(page(16, 2, bytes_of<std::int16_t>({7, 32767}))).pixels.pixels() ==
              Pixels{7, 32767});
  CATCH_CHECK(read(page(32, 1, bytes_of<std::uint32_t>({7, 65535}))).pixels.pixels() ==
              Pixels{7, 65535});
  CATCH_CHECK_THAT(
      rejection(ErrorCode::input_pixels, page(32, 1, bytes_of<std::uint32_t>({7, 65536}))),
      Contains("uint32 values range from 7 to 65536"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_pixels, page(16, 2, bytes_of<std::int16_t>({-1, 7}))),
                   Contains("int16 values range from -1 to 7"));
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported, page(64, 6, std::string(16, 'x'))),
                   Contains("complex"));
}

CATCH_TEST_CASE("fault 20: a few NaN become the median, many are rejected") {
  std::vector<float> values(200);
  std::iota(values.begin(), values.end(), 0.0F);
  values[10] = std::numeric_limits<float>::quiet_NaN();
  values[20] = std::numeric_limits<float>::infinity();
  const auto page = [&] {
    return tiff_of(
        {{.width = 20, .height = 10, .bits = 32, .sample_format = 3, .raw = bytes_of(values)}});
  };
  const TransmittedLight image = read(page());
  CATCH_CHECK(image.pixels.pixels()[10] == image.pixels.pixels()[20]);
  CATCH_CHECK(image.pixels.pixels()[10] == 101); // of 0..199 without 10 and 20
  CATCH_CHECK_THAT(warnings_of(image), Contains("2 NaN or infinite pixels"));
  values[30] = values[10];
  CATCH_CHECK_THAT(rejection(ErrorCode::input_pixels, page()), Contains("3 of its 200 pixels"));
}

CATCH_TEST_CASE("faults 21 and 22: images without content are read with a warning") {
  CATCH_CHECK_THAT(warnings_of(read(tiff_of({{.values = std::vector<std::uint64_t>(12, 0)}}))),
                   Contains("constant image: every pixel is 0"));
  CATCH_CHECK_THAT(
      warnings_of(read(tiff_of({{.values = {0, 9, 65535, 8, 7, 1, 2, 3, 4, 5, 6, 7}}}))),
      Contains("saturated image: 8.3 %"));
  CATCH_CHECK_THAT(warnings_of(read(tiff_of({page_of(1000)}))), Contains("almost no contrast"));
}

CATCH_TEST_CASE("fault 23: the smallest and the oddest sizes keep their size") {
  const TransmittedLight one = read(tiff_of({{.width = 1, .height = 1, .values = {77}}}));
  CATCH_CHECK(one.pixels.pixels() == Pixels{77});
  const TransmittedLight odd = read(tiff_of({{.width = 513, .height = 7}}));
  CATCH_CHECK(odd.pixels.height() == 7);
  CATCH_CHECK(odd.pixels.width() == 513);
}
