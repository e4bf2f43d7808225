// SPDX-License-Identifier: Apache-2.0
#include "image/ome/writer.hpp"

#include "common/version.hpp"
#include "image/ome/xml.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include <regex>
#include <set>
#include <string>

using namespace lmc::image;

namespace {

constexpr const char* uuid = "01234567-89ab-4cde-8f01-23456789abcd";

OmeTiffDescription description() {
  OmeTiffDescription value;
  value.height = 384;
  value.width = 512;
  value.z_planes = 3;
  value.t_planes = 2;
  value.pixel_um = PixelSize{0.1, 0.125};
  value.channel_name = "nucleus";
  value.input.image_name = "cells <1> & \"2\"";
  value.input.description = "two\nlines";
  value.input.acquisition_date = "2024-07-04T20:05:01Z";
  value.input.instrument_xml =
      "<Instrument ID=\"Instrument:4\"><Objective ID=\"Objective:4\" LensNA=\"0.8\"/></Instrument>";
  value.input.objective_xml = "<ObjectiveSettings ID=\"Objective:4\"/>";
  value.annotations = {{"model_sha256", "abc"}, {"preset", "paper & <more>"}};
  return value;
}

pugi::xml_document parsed(const std::string& text) {
  pugi::xml_document document;
  CATCH_REQUIRE(document.load_buffer(text.data(), text.size()));
  return document;
}

std::string child_names(const pugi::xml_node& node) {
  std::string names;
  for (const pugi::xml_node& child : node.children()) {
    names += std::string{child.name()} + ' ';
  }
  return names;
}

} // namespace

CATCH_TEST_CASE("the OME-XML says what the file holds and what the input said") {
  const pugi::xml_document document = parsed(ome_xml(description(), uuid));
  const pugi::xml_node root = document.child("OME");
  CATCH_CHECK(root.attribute("xmlns").value() ==
              std::string{"http://www.openmicroscopy.org/Schemas/OME/2016-06"});
  CATCH_CHECK(root.attribute("UUID").value() == std::string{"urn:uuid:"} + uuid);
  CATCH_CHECK(root.attribute("Creator").value() == "lightmycells " + std::string{lmc::version()});
  CATCH_CHECK(child_names(root) == "Instrument Image StructuredAnnotations ");

  const pugi::xml_node image = root.child("Image");
  CATCH_CHECK(child_names(image) == "AcquisitionDate Description InstrumentRef ObjectiveSettings "
                                    "Pixels AnnotationRef ");
  CATCH_CHECK(image.attribute("Name").value() == std::string{"cells <1> & \"2\""});
  CATCH_CHECK(image.child_value("Description") == std::string{"two\nlines"});
  CATCH_CHECK(image.child_value("AcquisitionDate") == std::string{"2024-07-04T20:05:01Z"});
  CATCH_CHECK(image.child("ObjectiveSettings").attribute("ID").value() ==
              std::string{root.child("Instrument").child("Objective").attribute("ID").value()});

  const pugi::xml_node pixels = image.child("Pixels");
  CATCH_CHECK(child_names(pixels) == "Channel TiffData ");
  const auto attribute = [&](const char* name) {
    return std::string{pixels.attribute(name).value()};
  };
  CATCH_CHECK(attribute("Type") == "uint16");
  CATCH_CHECK(attribute("DimensionOrder") == "XYZCT");
  CATCH_CHECK(attribute("SizeX") == "512");
  CATCH_CHECK(attribute("SizeY") == "384");
  CATCH_CHECK(attribute("SizeZ") == "3");
  CATCH_CHECK(attribute("SizeC") == "1");
  CATCH_CHECK(attribute("SizeT") == "2");
  CATCH_CHECK(attribute("PhysicalSizeX") == "0.1");
  CATCH_CHECK(attribute("PhysicalSizeY") == "0.125");
  CATCH_CHECK(attribute("PhysicalSizeXUnit") == "\xc2\xb5m");
  CATCH_CHECK(attribute("PhysicalSizeYUnit") == "\xc2\xb5m");
  CATCH_CHECK(pixels.child("Channel").attribute("Name").value() == std::string{"nucleus"});
  CATCH_CHECK(pixels.child("TiffData").attribute("PlaneCount").as_int() == 6);
}

CATCH_TEST_CASE("microscope and objectives are carried over as they are, without prefixes") {
  OmeTiffDescription value = description();
  value.input.instrument_xml =
      R"(<OME:Instrument xmlns:OME="http://www.openmicroscopy.org/Schemas/OME/2016-06" ID="Instrument:7">
           <OME:Microscope Manufacturer="Zeiß" Type="Inverted"/><OME:Laser ID="LightSource:0"/>
           <OME:Objective ID="Objective:a" NominalMagnification="20"/>
           <OME:Objective ID="Objective:b" Model="Plan &amp; &lt;Apo&#1;&gt;" LensNA="1.4">
             <OME:AnnotationRef ID="Annotation:3"/>
           </OME:Objective>
         </OME:Instrument>)";
  value.input.objective_xml = R"(<OME:ObjectiveSettings ID="Objective:b" Medium="Oil"/>)";
  const pugi::xml_document document = parsed(ome_xml(value, uuid));
  const pugi::xml_node instrument = document.child("OME").child("Instrument");
  CATCH_CHECK(instrument.attribute("ID").value() == std::string{"Instrument:7"});
  CATCH_CHECK_FALSE(instrument.attribute("xmlns:OME"));
  CATCH_CHECK(child_names(instrument) == "Microscope Objective Objective ");
  CATCH_CHECK(instrument.child("Microscope").attribute("Manufacturer").value() ==
              std::string{"Zei\u00df"});
  const pugi::xml_node objective = instrument.last_child();
  CATCH_CHECK(objective.attribute("Model").value() == std::string{"Plan & <Apo>"});
  CATCH_CHECK_FALSE(objective.first_child());
  const pugi::xml_node image = document.child("OME").child("Image");
  CATCH_CHECK(image.child("InstrumentRef").attribute("ID").value() == std::string{"Instrument:7"});
  CATCH_CHECK(image.child("ObjectiveSettings").attribute("Medium").value() == std::string{"Oil"});
}

CATCH_TEST_CASE("instruments that say nothing and settings of unknown objectives are dropped") {
  OmeTiffDescription value = description();
  value.input.objective_xml = R"(<ObjectiveSettings ID="Objective:9"/>)";
  CATCH_CHECK(ome_xml(value, uuid).find("ObjectiveSettings") == std::string::npos);
  for (const char* instrument : {"", "<Instrument", "no XML", "<Detector ID=\"Detector:0\"/>",
                                 "<Instrument ID=\"Instrument:0\"/>",
                                 "<Instrument><Laser ID=\"LightSource:0\"/></Instrument>"}) {
    value.input.instrument_xml = instrument;
    CATCH_CHECK(ome_xml(value, uuid).find("Instrument") == std::string::npos);
  }
}

CATCH_TEST_CASE("annotations are kept as key and value") {
  const pugi::xml_document document = parsed(ome_xml(description(), uuid));
  const pugi::xml_node value =
      document.child("OME").child("StructuredAnnotations").child("MapAnnotation").child("Value");
  const pugi::xml_node second = value.first_child().next_sibling();
  CATCH_CHECK(value.first_child().attribute("K").value() == std::string{"model_sha256"});
  CATCH_CHECK(value.first_child().child_value() == std::string{"abc"});
  CATCH_CHECK(second.attribute("K").value() == std::string{"preset"});
  CATCH_CHECK(second.child_value() == std::string{"paper & <more>"});
}

CATCH_TEST_CASE("what is unknown or invalid is left out") {
  OmeTiffDescription bare;
  bare.height = 1;
  bare.width = 1;
  bare.type = PixelType::float32;
  bare.channel_name = "actin";
  bare.input.acquisition_date = "yesterday";
  bare.input.instrument_xml = "<Instrument";
  const pugi::xml_document document = parsed(ome_xml(bare, uuid));
  CATCH_CHECK(child_names(document.child("OME")) == "Image ");
  const pugi::xml_node image = document.child("OME").child("Image");
  CATCH_CHECK(child_names(image) == "Pixels ");
  CATCH_CHECK(image.child("Pixels").attribute("Type").value() == std::string{"float"});
  CATCH_CHECK_FALSE(image.child("Pixels").attribute("PhysicalSizeX"));
}

CATCH_TEST_CASE("is_date_time accepts dates that exist") {
  for (const char* date : {"2024-07-04T20:05:01", "2024-02-29T00:00:00Z", "1988-04-07T18:39:09.359",
                           "2024-12-31T23:59:59.1234567+01:00"}) {
    CATCH_CHECK(is_date_time(date));
  }
  for (const char* date :
       {"", "2024-07-04", "2023-02-29T00:00:00", "2024-13-01T00:00:00", "2024-07-04T24:00:00",
        "2024-07-04T20:61:01", "2024-7-4T20:05:01", "04/07/2024 20:05", "2024-07-04T20:05:01+25:00",
        "0000-01-01T00:00:00", "2024-07-04T20:05:01 "}) {
    CATCH_CHECK_FALSE(is_date_time(date));
  }
}

CATCH_TEST_CASE("xml_text drops what XML cannot hold and keeps the rest") {
  CATCH_CHECK(xml_text("tab\tline\nZelle\u00b5\u4e2d\U0001F52C") ==
              "tab\tline\nZelle\u00b5\u4e2d\U0001F52C");
  CATCH_CHECK(xml_text(std::string_view{"a\0b\x01\x1f\x7f", 6}) == "ab\x7f");
  CATCH_CHECK(xml_text("\xb5m") == "m");               // Latin-1
  CATCH_CHECK(xml_text("a\xc2") == "a");               // cut short
  CATCH_CHECK(xml_text("a\xc0\xafz") == "az");         // overlong
  CATCH_CHECK(xml_text("a\xed\xa0\x80z") == "az");     // surrogate
  CATCH_CHECK(xml_text("a\xef\xbf\xbfz") == "az");     // U+FFFF
  CATCH_CHECK(xml_text("a\xf4\x90\x80\x80z") == "az"); // beyond U+10FFFF
}

CATCH_TEST_CASE("the OME-XML is well-formed whatever the input's metadata hold") {
  OmeTiffDescription hostile = description();
  hostile.input.image_name = std::string{"\0\x01]]>\xff<", 7};
  hostile.input.description = "\x1b[31m\xb5 ]]> <!-- & -->";
  hostile.annotations = {{"k\x02<", "v\xfe&"}};
  const pugi::xml_document document = parsed(ome_xml(hostile, uuid));
  const pugi::xml_node image = document.child("OME").child("Image");
  CATCH_CHECK(image.attribute("Name").value() == std::string{"]]><"});
  CATCH_CHECK(image.child_value("Description") == std::string{"[31m ]]> <!-- & -->"});
}

CATCH_TEST_CASE("fresh_uuid gives random UUIDs of version 4") {
  const std::regex form{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(fresh_uuid());
    CATCH_REQUIRE(std::regex_match(*seen.begin(), form));
  }
  CATCH_CHECK(seen.size() == 100);
}
