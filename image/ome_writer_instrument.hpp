// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>

#include <string>
#include <string_view>

namespace lmc::image {

/// The input's Instrument and ObjectiveSettings, made safe for another file.
struct CarriedInstrument {
  pugi::xml_document instrument; ///< an `Instrument` with its microscope and objectives, or empty
  pugi::xml_document settings;   ///< an `ObjectiveSettings` that refers to one of them, or empty
};

/// Rebuilds both elements from the parts that the schema 2016-06 allows: prefixes are dropped, IDs
/// are new (`Instrument:0`, `Objective:0:0` ...), attributes with values outside the schema are
/// left out. An instrument that does not parse, or that holds neither microscope nor objective, is
/// dropped; so are settings whose objective is unknown. Light sources, detectors and filters are
/// those of the transmitted light, not of a prediction, and are left out.
[[nodiscard]] CarriedInstrument carried_instrument(std::string_view instrument_xml,
                                                   std::string_view objective_xml);

/// Whether `text` is an xsd:dateTime with a date that exists.
[[nodiscard]] bool is_date_time(std::string_view text);

} // namespace lmc::image
