// SPDX-License-Identifier: Apache-2.0
#include "image/ome/reader.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lmc::image;
using Catch::Matchers::Contains;

namespace {

std::string warnings_of(const std::string& text) {
  const OmeReading reading = read_ome_xml(text);
  std::string all;
  for (const std::string& warning : reading.warnings) {
    all += warning + "\n";
  }
  return all;
}

} // namespace

CATCH_TEST_CASE("OME-XML is read whatever its prefix") {
  const OmeReading reading = read_ome_xml(
      R"(<ome:OME xmlns:ome="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:7"><ome:Instrument ID="Instrument:0"/>)"
      R"(<ome:Instrument ID="Instrument:1"><ome:Objective LensNA="0.8"/></ome:Instrument>)"
      R"(<ome:Image Name="cells"><ome:AcquisitionDate>2024-07-04T20:05:01</ome:AcquisitionDate>)"
      R"(<ome:Description>two &amp; more</ome:Description><ome:InstrumentRef ID="Instrument:1"/>)"
      R"(<ome:Pixels DimensionOrder="XYTZC" Type="uint16" SizeX="5" SizeY="4" SizeZ="3" SizeC="2")"
      R"( SizeT="6" PhysicalSizeX="0.1" PhysicalSizeY="200" PhysicalSizeYUnit="nm">)"
      R"(<ome:Channel Name="BF" Fluor="f"/><ome:Channel/>)"
      R"(<ome:TiffData IFD="2" FirstZ="1" FirstC="1" FirstT="3" PlaneCount="4">)"
      R"(<ome:UUID FileName="b.tiff">urn:uuid:8</ome:UUID></ome:TiffData><ome:TiffData/>)"
      R"(</ome:Pixels></ome:Image></ome:OME>)");
  CATCH_CHECK(reading.warnings.empty());
  CATCH_REQUIRE(reading.metadata);
  const OmeMetadata& metadata = *reading.metadata;
  CATCH_CHECK(metadata.uuid == "urn:uuid:7");
  CATCH_CHECK(metadata.image_name == "cells");
  CATCH_CHECK(metadata.description == "two & more");
  CATCH_CHECK(metadata.acquisition_date == "2024-07-04T20:05:01");
  CATCH_CHECK_THAT(metadata.instrument_xml, Contains("LensNA=\"0.8\""));
  CATCH_CHECK(metadata.dimension_order == "XYTZC");
  CATCH_CHECK(metadata.size_x == 5);
  CATCH_CHECK(metadata.size_z == 3);
  CATCH_CHECK(metadata.size_time == 6);
  CATCH_CHECK(metadata.pixel_um->x_um == 0.1);
  CATCH_CHECK(metadata.pixel_um->y_um == Approx(0.2));
  CATCH_REQUIRE(metadata.channels.size() == 2);
  CATCH_CHECK(metadata.channels[0].fluor == "f");
  CATCH_REQUIRE(metadata.tiff_data.size() == 2);
  CATCH_CHECK(metadata.tiff_data[0].ifd == 2U);
  CATCH_CHECK(metadata.tiff_data[0].first_t == 3);
  CATCH_CHECK(metadata.tiff_data[0].plane_count == 4U);
  CATCH_CHECK(metadata.tiff_data[0].file_name == "b.tiff");
  CATCH_CHECK_FALSE(metadata.tiff_data[1].ifd);
}

CATCH_TEST_CASE("Only an instrument of the schema that is written is carried over") {
  const auto instrument = [](const std::string& name_space) {
    return read_ome_xml("<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/" + name_space +
                        "\"><Instrument ID=\"Instrument:0\"/><Image><InstrumentRef "
                        "ID=\"Instrument:0\"/><Pixels/></Image></OME>")
        .metadata->instrument_xml;
  };
  CATCH_CHECK(instrument("2016-06") == "<Instrument ID=\"Instrument:0\"/>");
  CATCH_CHECK(instrument("2013-06").empty());
}

CATCH_TEST_CASE("Text that is no XML is no OME-XML, without a warning") {
  const OmeReading reading = read_ome_xml("ImageJ=1.53\nimages=3");
  CATCH_CHECK_FALSE(reading.metadata);
  CATCH_CHECK(reading.warnings.empty());
}

CATCH_TEST_CASE("What cannot be used is said") {
  CATCH_CHECK_THAT(warnings_of("<OME"), Contains("malformed at byte"));
  CATCH_CHECK_THAT(warnings_of("<svg/>"), Contains("XML, but not OME-XML"));
  CATCH_CHECK_THAT(warnings_of("<OME><Image/></OME>"), Contains("no Image with Pixels"));
  CATCH_CHECK_THAT(warnings_of(R"(<OME><Image><Pixels SizeZ="9999999"/></Image></OME>)"),
                   Contains("SizeZ of 9999999 is not believable"));
  const std::string odd = warnings_of(
      R"(<OME><Image><Pixels DimensionOrder="CTZYX" SizeZ="-1" SizeC="2" SizeT="x"/></Image>)"
      R"(<Image/></OME>)");
  CATCH_CHECK_THAT(odd, Contains("DimensionOrder \"CTZYX\" is unknown") &&
                            Contains("SizeZ is not a positive number") &&
                            Contains("SizeT is not a positive number") &&
                            Contains("only the first of its 2 images"));
}

CATCH_TEST_CASE("Character references to no characters are left out") {
  const OmeReading reading = read_ome_xml(
      R"(<OME><Image Name="a&#xD800;b"><Pixels DimensionOrder="XYZCT" SizeZ="1" SizeC="1" )"
      R"(SizeT="1"/></Image></OME>)");
  CATCH_REQUIRE(reading.metadata);
  CATCH_CHECK(reading.metadata->image_name.empty());
}
