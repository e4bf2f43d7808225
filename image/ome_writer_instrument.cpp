// SPDX-License-Identifier: Apache-2.0
#include "image/ome_writer_instrument.hpp"

#include "image/ome_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <regex>
#include <span>
#include <vector>

namespace lmc::image {

namespace {

using Check = std::function<bool(std::string_view)>;

struct Attribute {
  const char* name;
  Check allowed;
};

bool is_text(std::string_view) {
  return true;
}

bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
}

Check one_of(std::vector<std::string_view> values) {
  return [values = std::move(values)](std::string_view text) {
    return std::find(values.begin(), values.end(), text) != values.end();
  };
}

// The enumerations are those of ome.xsd, 2016-06.
std::vector<Attribute> manufacturer_attributes() {
  return {{"Manufacturer", is_text},
          {"Model", is_text},
          {"SerialNumber", is_text},
          {"LotNumber", is_text}};
}

std::vector<Attribute> microscope_attributes() {
  auto attributes = manufacturer_attributes();
  attributes.push_back(
      {"Type", one_of({"Upright", "Inverted", "Dissection", "Electrophysiology", "Other"})});
  return attributes;
}

std::vector<Attribute> objective_attributes() {
  auto attributes = manufacturer_attributes();
  attributes.push_back(
      {"Correction",
       one_of({"UV", "PlanApo", "PlanFluor", "SuperFluor", "VioletCorrected", "Achro", "Achromat",
               "Fluor", "Fl", "Fluar", "Neofluar", "Fluotar", "Apo", "PlanNeofluar", "Other"})});
  attributes.push_back(
      {"Immersion", one_of({"Oil", "Water", "WaterDipping", "Air", "Multi", "Glycerol", "Other"})});
  for (const char* number :
       {"LensNA", "NominalMagnification", "CalibratedMagnification", "WorkingDistance"}) {
    attributes.push_back({number, is_number});
  }
  attributes.push_back(
      {"WorkingDistanceUnit", one_of({"m", "cm", "mm", "\u00b5m", "nm", "in", "thou"})});
  attributes.push_back({"Iris", one_of({"true", "false", "1", "0"})});
  return attributes;
}

std::vector<Attribute> settings_attributes() {
  return {{"CorrectionCollar", is_number},
          {"Medium", one_of({"Air", "Oil", "Water", "Glycerol", "Other"})},
          {"RefractiveIndex", is_number}};
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void copy_attributes(const pugi::xml_node& from, pugi::xml_node to,
                     std::span<const Attribute> attributes) {
  for (const Attribute& attribute : attributes) {
    const pugi::xml_attribute source = from.attribute(attribute.name);
    if (source && attribute.allowed(source.value())) {
      to.append_attribute(attribute.name) = xml_text(source.value()).c_str();
    }
  }
}

pugi::xml_document parsed(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)) {
    document.reset();
  }
  return document;
}

/// Input's objective ID -> ours.
using ObjectiveIds = std::map<std::string, std::string>;

ObjectiveIds copy_instrument(const pugi::xml_node& source, pugi::xml_document& target) {
  ObjectiveIds ids;
  pugi::xml_node instrument = target.append_child("Instrument");
  instrument.append_attribute("ID") = "Instrument:0";
  for (const pugi::xml_node& child : source.children()) {
    // The schema wants the only microscope before the objectives.
    if (local_name(child) == "Microscope" && !instrument.child("Microscope")) {
      copy_attributes(child, instrument.prepend_child("Microscope"), microscope_attributes());
    } else if (local_name(child) == "Objective") {
      const std::string id = fmt::format("Objective:0:{}", ids.size());
      if (ids.emplace(child.attribute("ID").value(), id).second) {
        pugi::xml_node objective = instrument.append_child("Objective");
        objective.append_attribute("ID") = id.c_str();
        copy_attributes(child, objective, objective_attributes());
      }
    }
  }
  if (!instrument.first_child()) {
    target.reset();
  }
  return ids;
}

} // namespace

CarriedInstrument carried_instrument(std::string_view instrument_xml,
                                     std::string_view objective_xml) {
  CarriedInstrument carried;
  const pugi::xml_document source = parsed(instrument_xml);
  if (local_name(source.document_element()) != "Instrument") {
    return carried;
  }
  const ObjectiveIds ids = copy_instrument(source.document_element(), carried.instrument);

  const pugi::xml_document settings = parsed(objective_xml);
  const pugi::xml_node element = settings.document_element();
  const auto id = ids.find(element.attribute("ID").value());
  if (local_name(element) == "ObjectiveSettings" && id != ids.end()) {
    pugi::xml_node target = carried.settings.append_child("ObjectiveSettings");
    target.append_attribute("ID") = id->second.c_str();
    copy_attributes(element, target, settings_attributes());
  }
  return carried;
}

bool is_date_time(std::string_view text) {
  static const std::regex form{
      R"((\d{4})-(\d\d)-(\d\d)T(\d\d):([0-5]\d):([0-5]\d)(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d)?)"};
  const std::string copy{text};
  std::smatch part;
  if (!std::regex_match(copy, part, form)) {
    return false;
  }
  const auto number = [&](std::size_t group) { return std::stoi(part[group].str()); };
  const std::chrono::year_month_day date{std::chrono::year{number(1)},
                                         std::chrono::month{static_cast<unsigned>(number(2))},
                                         std::chrono::day{static_cast<unsigned>(number(3))}};
  return number(1) > 0 && date.ok() && number(4) < 24;
}

} // namespace lmc::image
