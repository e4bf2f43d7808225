// SPDX-License-Identifier: Apache-2.0
#include "image/ome_writer_instrument.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>

using namespace lmc::image;

namespace {

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

} // namespace

CATCH_TEST_CASE("an instrument is carried over under new IDs and without prefixes") {
  const CarriedInstrument carried = carried_instrument(
      R"(<OME:Instrument xmlns:OME="http://www.openmicroscopy.org/Schemas/OME/2016-06" ID="Instrument:7">
           <OME:Objective ID="Objective:a" NominalMagnification="20"/>
           <OME:Objective ID="Objective:b" Model="Plan &amp; &lt;Apo&gt;" LensNA="1.4" Immersion="Oil"
                          WorkingDistance="130" WorkingDistanceUnit="µm"/>
           <OME:Microscope Manufacturer="Zeiß" Type="Inverted"/>
         </OME:Instrument>)",
      R"(<OME:ObjectiveSettings ID="Objective:b" Medium="Oil" RefractiveIndex="1.518"/>)");
  CATCH_CHECK(text_of(carried.instrument) ==
              "<Instrument ID=\"Instrument:0\"><Microscope Manufacturer=\"Zeiß\" "
              "Type=\"Inverted\"/><Objective ID=\"Objective:0:0\" NominalMagnification=\"20\"/>"
              "<Objective ID=\"Objective:0:1\" Model=\"Plan &amp; &lt;Apo>\" Immersion=\"Oil\" "
              "LensNA=\"1.4\" WorkingDistance=\"130\" WorkingDistanceUnit=\"µm\"/></Instrument>");
  CATCH_CHECK(text_of(carried.settings) == "<ObjectiveSettings ID=\"Objective:0:1\" "
                                           "Medium=\"Oil\" RefractiveIndex=\"1.518\"/>");
}

CATCH_TEST_CASE("what the schema does not allow is left out") {
  const CarriedInstrument carried = carried_instrument(
      R"(<Instrument><Objective ID="Objective:0" Immersion="Beer" LensNA="1,4" Iris="maybe"
           WorkingDistanceUnit="ell" Magnification="63"/><Laser ID="LightSource:0"/></Instrument>)",
      R"(<ObjectiveSettings ID="Objective:0" Medium="Vacuum" CorrectionCollar="nan"/>)");
  CATCH_CHECK(text_of(carried.instrument) ==
              "<Instrument ID=\"Instrument:0\"><Objective ID=\"Objective:0:0\"/></Instrument>");
  CATCH_CHECK(text_of(carried.settings) == "<ObjectiveSettings ID=\"Objective:0:0\"/>");
}

CATCH_TEST_CASE("instruments that say nothing or do not parse are dropped") {
  for (const char* instrument : {"", "<Instrument", "no XML", "<Detector ID=\"Detector:0\"/>",
                                 "<Instrument ID=\"Instrument:0\"/>",
                                 "<Instrument><Laser ID=\"LightSource:0\"/></Instrument>"}) {
    const CarriedInstrument carried =
        carried_instrument(instrument, "<ObjectiveSettings ID=\"Objective:0\"/>");
    CATCH_CHECK(text_of(carried.instrument).empty());
    CATCH_CHECK(text_of(carried.settings).empty());
  }
}

CATCH_TEST_CASE(
    "settings of an unknown objective are dropped, of doubled ones refer to the first") {
  const char* instrument = "<Instrument><Objective ID=\"Objective:0\" LensNA=\"0.5\"/>"
                           "<Objective ID=\"Objective:0\" LensNA=\"1.4\"/></Instrument>";
  CATCH_CHECK(
      text_of(carried_instrument(instrument, "<ObjectiveSettings ID=\"Objective:9\"/>").settings)
          .empty());
  const CarriedInstrument carried =
      carried_instrument(instrument, "<ObjectiveSettings ID=\"Objective:0\"/>");
  CATCH_CHECK(text_of(carried.instrument) == "<Instrument ID=\"Instrument:0\"><Objective "
                                             "ID=\"Objective:0:0\" LensNA=\"0.5\"/></Instrument>");
  CATCH_CHECK(text_of(carried.settings) == "<ObjectiveSettings ID=\"Objective:0:0\"/>");
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
