// SPDX-License-Identifier: Apache-2.0
// What stacks and damaged, missing or contradicting metadata get, from file to plane. The numbers
// are those of tests/FAULTS.md.
#include "image/input_image.hpp"

#include "tests/image/failure.hpp"
#include "tests/image/faulty_image.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;
using lmc::Modality;

namespace {

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

} // namespace

CATCH_TEST_CASE("fault 24: pages without OME-XML are Z, the middle one is taken, with a warning") {
  const TransmittedLight image = read(tiff_of({page_of(1), page_of(2), page_of(3), page_of(4)}));
  CATCH_CHECK(image.pixels.pixels()[1] == 3);
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
  CATCH_CHECK(image.read_plane(0, 1).pixels.pixels()[1] == 11);
  CATCH_CHECK(image.read_plane(1, 0).pixels.pixels()[1] == 101);
  CATCH_CHECK_THROWS_AS(image.read_plane(2, 0), std::out_of_range);
  CATCH_CHECK(InputImage::open(path, {.channel = "gfp"}).read_plane(1, 1).pixels.pixels()[1] ==
              110);
  CATCH_CHECK(InputImage::open(path, {.channel = "0"}).read_plane(0, 0).pixels.pixels()[1] == 0);

  pages[0].description = ome(R"(DimensionOrder="XYCZT" SizeZ="2" SizeC="2" SizeT="2")",
                             R"(<Channel Name="a"/><Channel Name="b"/>)");
  CATCH_CHECK_THAT(rejection(ErrorCode::input_ambiguous, tiff_of(pages)),
                   Contains("it has 2 channels (0 \"a\", 1 \"b\")"));
}

CATCH_TEST_CASE("faults 26 to 29: XML that cannot be used gives a warning, the tags count") {
  const auto warning = [](const std::string& xml) {
    const TransmittedLight image = read(tiff_of({page_of(5, xml)}));
    CATCH_CHECK(image.pixels.pixels()[1] == 5);
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
  for (const char* tag : {"<a>", "</a>"}) {
    for (int i = 0; i < 100'000; ++i) {
      deep += tag;
    }
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
  CATCH_CHECK(image.pixels.height() == 2);
  CATCH_CHECK(image.pixels.pixels()[3] == 4 * 257);
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
  CATCH_CHECK(own.pixels.pixels()[1] == 5);
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
