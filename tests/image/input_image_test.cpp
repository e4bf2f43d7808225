// SPDX-License-Identifier: Apache-2.0
// What images that are damaged, unusual or hostile get, from file to plane. The numbers are those
// of tests/FAULTS.md.
#include "image/input_image.hpp"

#include "image/tiff_writer.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <tiffio.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
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

TransmittedLight read(const std::string& content, const ReadOptions& options = {}) {
  const TemporaryFolder folder;
  return read_transmitted_light(folder.file("a.tiff", content), options);
}

std::string rejection(ErrorCode code, const std::string& content, const ReadOptions& options = {}) {
  return cause_of(code, [&] { static_cast<void>(read(content, options)); });
}

std::string warnings_of(const TransmittedLight& image) {
  std::string all;
  for (const std::string& warning : image.provenance.warnings) {
    all += warning + "\n";
  }
  return all;
}

/// OME-XML of 4 x 3 uint16 pixels; `pixels` replaces the attributes behind the sizes.
std::string ome(const std::string& sizes, const std::string& channels = "",
                const std::string& pixels = "", const std::string& data = "<TiffData/>") {
  return R"(<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/)"
         R"(Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0" Name="cells"><Pixels )"
         R"(ID="Pixels:0" Type="uint16" SizeX="4" SizeY="3" )" +
         sizes + " " + pixels + ">" + channels + data + "</Pixels></Image></OME>";
}

const std::string one_plane = R"(DimensionOrder="XYZCT" SizeZ="1" SizeC="1" SizeT="1")";
const std::string phase_contrast = R"(<Channel ID="Channel:0:0" Name="PC"/>)";

/// Page of 4 x 3 pixels that all have this value, but for one.
TestPage page_of(std::uint64_t value, const std::string& description = "") {
  TestPage page{.description = description, .values = std::vector<std::uint64_t>(12, value)};
  page.values[0] = value + 1;
  return page;
}

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
  CATCH_CHECK(image.pixels[1] == 5);
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
  CATCH_CHECK(image.pixels[side * side - 1] == (side * side - 1) % 65536);
  // The plane as stored, as uint16, and once more on the way to the caller.
  CATCH_CHECK(peak_kb() - before < static_cast<long>(3 * side * side * 2 / 1024) + 20 * 1024);
}

CATCH_TEST_CASE("fault 14: 8-bit images are scaled to 16 bits, with a warning") {
  const TransmittedLight image =
      read(tiff_of({{.width = 3, .height = 1, .bits = 8, .values = {0, 100, 255}}}));
  CATCH_CHECK(image.pixels == Pixels{0, 25700, 65535});
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
  CATCH_CHECK(read(tiff_of({equal})).pixels == Pixels{9 * 257, 200 * 257});
  // With alpha, which does not count.
  const TestPage alpha{.width = 2,
                       .height = 1,
                       .bits = 8,
                       .samples = 4,
                       .photometric = 2,
                       .values = {9, 9, 9, 255, 200, 200, 200, 1},
                       .tags = {{338, 3, {2}}}};
  CATCH_CHECK(read(tiff_of({alpha})).pixels == Pixels{9 * 257, 200 * 257});

  TestPage colour = equal;
  colour.values = {9, 9, 9, 100, 200, 50};
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported, tiff_of({colour})),
                   Contains("3 samples (RGB) that differ"));
  // 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153
  CATCH_CHECK(read(tiff_of({colour}), {.rgb_luminance = true}).pixels ==
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
  CATCH_CHECK(read(tiff_of({page})).pixels == Pixels{0, 200, 51000, 25600});
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
  CATCH_CHECK(
      read(tiff_of({{.width = 2, .height = 1, .photometric = 0, .values = {0, 65000}}})).pixels ==
      Pixels{65535, 535});
  CATCH_CHECK_THAT(rejection(ErrorCode::input_unsupported,
                             tiff_of({{.bits = 32, .photometric = 0, .sample_format = 3}})),
                   Contains("float32 values are MINISWHITE"));
}

CATCH_TEST_CASE("fault 18: packed 12-bit and 1-bit pixels keep their values, int8 its sign") {
  const TransmittedLight twelve =
      read(tiff_of({{.width = 2, .height = 1, .bits = 12, .raw = std::string("\xab\xc1\x23", 3)}}));
  CATCH_CHECK(twelve.pixels == Pixels{0xabc, 0x123});
  CATCH_CHECK(twelve.provenance.input_bits == 12);
  CATCH_CHECK(read(tiff_of({{.width = 4, .height = 1, .bits = 1, .raw = "\xa0"}})).pixels ==
              Pixels{1, 0, 1, 0});
  const TestPage signed_page{
      .width = 2, .height = 1, .bits = 8, .sample_format = 2, .values = {3, 0x7f}};
  CATCH_CHECK(read(tiff_of({signed_page})).pixels == Pixels{3, 127});
  TestPage negative = signed_page;
  negative.values[0] = 0xff;
  CATCH_CHECK_THAT(rejection(ErrorCode::input_pixels, tiff_of({negative})),
                   Contains("int8 values range from -1 to 127"));
}

CATCH_TEST_CASE("fault 19: other sample types are read by value or rejected by name") {
  const auto page = [](std::uint16_t bits, std::uint16_t format, const std::string& raw) {
    return tiff_of({{.width = 2, .height = 1, .bits = bits, .sample_format = format, .raw = raw}});
  };
  CATCH_CHECK(read(page(64, 3, bytes_of<double>({0.25, 65535.0}))).pixels == Pixels{0, 65535});
  CATCH_CHECK(read(page(32, 3, bytes_of<float>({0.0F, 0.5F}))).pixels == Pixels{0, 32768});
  // 2.0 and 1024.0 as binary16
  CATCH_CHECK(read(page(16, 3, bytes_of<std::uint16_t>({0x4000, 0x6400}))).pixels ==
              Pixels{2, 1024});
  CATCH_CHECK(read(page(16, 2, bytes_of<std::int16_t>({7, 32767}))).pixels == Pixels{7, 32767});
  CATCH_CHECK(read(page(32, 1, bytes_of<std::uint32_t>({7, 65535}))).pixels == Pixels{7, 65535});
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
  CATCH_CHECK(image.pixels[10] == image.pixels[20]);
  CATCH_CHECK(image.pixels[10] == 101); // of 0..199 without 10 and 20
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
  CATCH_CHECK(one.pixels == Pixels{77});
  const TransmittedLight odd = read(tiff_of({{.width = 513, .height = 7}}));
  CATCH_CHECK(odd.height == 7);
  CATCH_CHECK(odd.width == 513);
}

CATCH_TEST_CASE("fault 24: pages without OME-XML are Z, the middle one is taken, with a warning") {
  const TransmittedLight image = read(tiff_of({page_of(1), page_of(2), page_of(3), page_of(4)}));
  CATCH_CHECK(image.pixels[1] == 3);
  CATCH_CHECK_THAT(warnings_of(image), Contains("4 pages without OME-XML") &&
                                           Contains("only focal plane 2 of the first time point"));
}

CATCH_TEST_CASE("fault 25: an OME stack is read in its DimensionOrder, its channel by name") {
  const TemporaryFolder folder;
  // Z 2, C 2, T 2, channels fastest: the page's value is 100 t + 10 z + c.
  const std::string xml = ome(R"(DimensionOrder="XYCZT" SizeZ="2" SizeC="2" SizeT="2")",
                              R"(<Channel Name="GFP"/><Channel Name="DIC"/>)");
  std::vector<TestPage> pages;
  for (const std::uint64_t value : {0, 1, 10, 11, 100, 101, 110, 111}) {
    pages.push_back(page_of(value, pages.empty() ? xml : ""));
  }
  const auto path = folder.file("a.tiff", tiff_of(pages));
  const InputImage image = InputImage::open(path, {});
  CATCH_CHECK(image.modality() == Modality::dic);
  CATCH_REQUIRE(image.z_planes() == 2);
  CATCH_REQUIRE(image.t_planes() == 2);
  CATCH_CHECK(image.read_plane(0, 1).pixels[1] == 11);
  CATCH_CHECK(image.read_plane(1, 0).pixels[1] == 101);
  CATCH_CHECK_THROWS_AS(image.read_plane(2, 0), std::out_of_range);
  CATCH_CHECK(InputImage::open(path, {.channel = "gfp"}).read_plane(1, 1).pixels[1] == 110);
  CATCH_CHECK(InputImage::open(path, {.channel = "0"}).read_plane(0, 0).pixels[1] == 0);

  pages[0].description = ome(R"(DimensionOrder="XYCZT" SizeZ="2" SizeC="2" SizeT="2")",
                             R"(<Channel Name="a"/><Channel Name="b"/>)");
  CATCH_CHECK_THAT(rejection(ErrorCode::input_ambiguous, tiff_of(pages)),
                   Contains("it has 2 channels (0 \"a\", 1 \"b\")"));
}

CATCH_TEST_CASE("faults 26 to 29: XML that cannot be used gives a warning, the tags count") {
  const auto warning = [](const std::string& xml) {
    const TransmittedLight image = read(tiff_of({page_of(5, xml)}));
    CATCH_CHECK(image.pixels[1] == 5);
    CATCH_CHECK(image.provenance.format == "TIFF");
    return warnings_of(image);
  };
  CATCH_CHECK_THAT(warning("<OME><Image>"), Contains("malformed"));
  CATCH_CHECK_THAT(warning(R"(<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b )"
                           R"("&a;&a;&a;">]><OME><Image Name="&b;"/></OME>)"),
                   Contains("DOCTYPE or entities, which are refused"));
  CATCH_CHECK_THAT(warning(R"(<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><OME/>)"),
                   Contains("refused"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "<a>";
  }
  CATCH_CHECK_THAT(warning(deep), Contains("nested"));
  CATCH_CHECK_THAT(warning("<OME>" + std::string(9 << 20, ' ') + "</OME>"),
                   Contains("at most 8388608 are read"));
  CATCH_CHECK_THAT(warning("<OME Name=\"\xff\xfe\xc3\"/>"), Contains("not valid UTF-8"));
  CATCH_CHECK_THAT(warning("\xff\xfe<"), Contains("UTF-16"));
}

CATCH_TEST_CASE("fault 29: a Latin-1 micro sign is repaired") {
  const TransmittedLight image = read(tiff_of(
      {page_of(5, ome(one_plane, phase_contrast,
                      "PhysicalSizeX=\"0.1\" PhysicalSizeXUnit=\"\xb5m\" PhysicalSizeY=\"0.2\" "
                      "PhysicalSizeYUnit=\"\xb5m\""))}));
  CATCH_REQUIRE(image.pixel_um);
  CATCH_CHECK(image.pixel_um->y_um == 0.2);
  CATCH_CHECK(image.modality == Modality::phase_contrast);
}

CATCH_TEST_CASE("fault 30: where XML and tags contradict each other, the tags count") {
  TestPage page{.width = 2, .height = 2, .bits = 8, .values = {1, 2, 3, 4}};
  page.description = ome(R"(DimensionOrder="XYZCT" SizeZ="5" SizeC="1" SizeT="1")");
  const TransmittedLight image = read(tiff_of({page}));
  CATCH_CHECK(image.height == 2);
  CATCH_CHECK(image.pixels[3] == 4 * 257);
  CATCH_CHECK_THAT(warnings_of(image), Contains("4 x 3 pixels, the TIFF tags 2 x 2") &&
                                           Contains("type uint16, the TIFF tags uint8") &&
                                           Contains("it promises 5 planes"));
}

CATCH_TEST_CASE("fault 31: planes in absent files are rejected, own ones are read") {
  const std::string sizes = R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")";
  const auto data = [](const std::string& z, const std::string& file) {
    return R"(<TiffData FirstZ=")" + z + R"(" IFD="0"><UUID FileName=")" + file + R"(">urn:uuid:)" +
           file + "</UUID></TiffData>";
  };
  CATCH_CHECK_THAT(rejection(ErrorCode::input_elsewhere,
                             tiff_of({page_of(5, ome(sizes, "", "",
                                                     data("0", "b.tiff") + data("1", "c.tiff")))})),
                   Contains("\"b.tiff\""));
  const TransmittedLight own =
      read(tiff_of({page_of(5, ome(sizes, "", "", data("0", "b.tiff") + data("1", "a.tiff")))}));
  CATCH_CHECK(own.pixels[1] == 5);
  CATCH_CHECK_THAT(warnings_of(own), Contains("spread over several files"));
}

CATCH_TEST_CASE("fault 32: metadata that are in a companion file are missed with a warning") {
  const TransmittedLight image = read(tiff_of({page_of(
      5, R"(<OME><BinaryOnly MetadataFile="x.companion.ome" UUID="urn:uuid:2"/></OME>)")}));
  CATCH_CHECK_THAT(warnings_of(image), Contains("BinaryOnly"));
}

CATCH_TEST_CASE("fault 33: pixel sizes are taken from OME, then from XResolution, if believable") {
  const auto size = [](const std::string& attributes, std::vector<TestTag> tags = {}) {
    TestPage page = page_of(5, ome(one_plane, phase_contrast, attributes));
    page.tags = std::move(tags);
    return read(tiff_of({page}));
  };
  const auto x_um = [&](const std::string& attributes) {
    const auto pixel = size(attributes).pixel_um;
    return pixel ? pixel->x_um : 0;
  };
  CATCH_CHECK(x_um("PhysicalSizeX=\"0.1\" PhysicalSizeY=\"0.1\"") == 0.1);
  CATCH_CHECK(x_um("PhysicalSizeX=\"100\" PhysicalSizeXUnit=\"nm\"") == Approx(0.1));
  CATCH_CHECK(x_um("PhysicalSizeX=\"0.0001\" PhysicalSizeXUnit=\"mm\"") == Approx(0.1));
  CATCH_CHECK(x_um("PhysicalSizeX=\"0.1\" PhysicalSizeXUnit=\"\xce\xbcm\"") == 0.1);
  for (const char* const bad : {"0", "-0.1", "1e9", "nan", "x", ""}) {
    CATCH_CAPTURE(bad);
    const TransmittedLight image = size(fmt::format("PhysicalSizeX=\"{}\"", bad));
    CATCH_CHECK_FALSE(image.pixel_um);
    CATCH_CHECK_THAT(warnings_of(image), Contains("not between 0.01 and 100 um") &&
                                             Contains("the pixel size is unknown"));
  }
  // 100,000 pixels per centimetre are 0.1 um; OME's 0.2 um wins over it.
  const std::uint64_t per_cm = 100'000 | std::uint64_t{1} << 32;
  const std::vector<TestTag> tags{{282, 5, {per_cm}}, {283, 5, {per_cm}}, {296, 3, {3}}};
  CATCH_CHECK(size("", tags).pixel_um->x_um == Approx(0.1));
  CATCH_CHECK(size("PhysicalSizeX=\"0.2\"", tags).pixel_um->x_um == 0.2);
}

CATCH_TEST_CASE("fault 34: an unknown modality is said, an option overrides it") {
  const std::string content =
      tiff_of({page_of(5, ome(one_plane, R"(<Channel Name="camera 1"/>)"))});
  const TransmittedLight image = read(content);
  CATCH_CHECK(image.modality == Modality::unknown);
  CATCH_CHECK_THAT(warnings_of(image), Contains("the modality is unknown"));
  const TransmittedLight given = read(content, {.modality = Modality::bright_field});
  CATCH_CHECK(given.modality == Modality::bright_field);
  CATCH_CHECK(warnings_of(given).find("modality") == std::string::npos);
  CATCH_CHECK(
      read(tiff_of({page_of(5, ome(one_plane, R"(<Channel Name="x" Fluor="BF"/>)"))})).modality ==
      Modality::bright_field);
}

CATCH_TEST_CASE("fault 35: a pixel size far from the training images' is said") {
  const auto warnings = [](const char* um) {
    return warnings_of(read(tiff_of(
        {page_of(5, ome(one_plane, phase_contrast, fmt::format("PhysicalSizeX=\"{}\"", um)))})));
  };
  CATCH_CHECK_THAT(warnings("0.65"), Contains("0.65 x 0.65 um is far from the training images'"));
  CATCH_CHECK_THAT(warnings("0.02"), Contains("far from"));
  CATCH_CHECK(warnings("0.1").find("far from") == std::string::npos);
}
