// SPDX-License-Identifier: Apache-2.0
#include "image/ome/writer.hpp"

#include "common/version.hpp"
#include "image/ome/xml.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <array>
#include <chrono>
#include <random>
#include <regex>
#include <sstream>

namespace lmc::image {

namespace {

constexpr const char* micrometre = "\u00b5m";

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name) = xml_text(value).c_str();
}

void append_text(pugi::xml_node parent, const char* name, std::string_view text) {
  if (!text.empty()) {
    parent.append_child(name).append_child(pugi::node_pcdata).set_value(xml_text(text).c_str());
  }
}

pugi::xml_node append_root(pugi::xml_document& document, std::string_view uuid) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("OME");
  set(root, "xmlns", ome_namespace);
  set(root, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  set(root, "xsi:schemaLocation", fmt::format("{0} {0}/ome.xsd", ome_namespace));
  set(root, "UUID", fmt::format("urn:uuid:{}", uuid));
  set(root, "Creator", fmt::format("lightmycells {}", version()));
  return root;
}

/// An element of the input's OME-XML, without a parent; nothing when it is not one.
pugi::xml_document parsed(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)) {
    document.reset();
  }
  return document;
}

/// Copies an element of the input under this name, its attributes without declarations of
/// namespaces. Children are left out.
pugi::xml_node adopt(pugi::xml_node parent, const pugi::xml_node& source, const char* name) {
  pugi::xml_node copy = parent.append_child(name);
  for (const pugi::xml_attribute& attribute : source.attributes()) {
    if (!std::string_view{attribute.name()}.starts_with("xmlns")) {
      set(copy, attribute.name(), attribute.value());
    }
  }
  return copy;
}

/// The input's instrument with its microscope and objectives; nothing when it has neither. Light
/// sources, detectors and filters are those of the transmitted light, not of a prediction.
pugi::xml_node append_instrument(pugi::xml_node root, std::string_view xml) {
  const pugi::xml_document document = parsed(xml);
  pugi::xml_node instrument = adopt(root, document.document_element(), "Instrument");
  for (const pugi::xml_node& child : document.document_element().children()) {
    for (const char* name : {"Microscope", "Objective"}) {
      if (local_name(child.name()) == name) {
        adopt(instrument, child, name);
      }
    }
  }
  if (!instrument.first_child()) {
    root.remove_child(instrument);
    return {};
  }
  return instrument;
}

/// Which of the instrument's objectives was used, and how.
void append_objective_settings(pugi::xml_node image, const pugi::xml_node& instrument,
                               std::string_view xml) {
  const pugi::xml_document document = parsed(xml);
  const pugi::xml_node settings = document.document_element();
  const char* const id = settings.attribute("ID").value();
  if (instrument.find_child_by_attribute("Objective", "ID", id)) {
    adopt(image, settings, "ObjectiveSettings");
  }
}

void append_pixels(pugi::xml_node image, const OmeTiffDescription& description) {
  pugi::xml_node pixels = image.append_child("Pixels");
  set(pixels, "ID", "Pixels:0");
  set(pixels, "DimensionOrder", "XYZCT");
  set(pixels, "Type", description.type == PixelType::uint16 ? "uint16" : "float");
  set(pixels, "SizeX", fmt::format("{}", description.width));
  set(pixels, "SizeY", fmt::format("{}", description.height));
  set(pixels, "SizeZ", fmt::format("{}", description.z_planes));
  set(pixels, "SizeC", "1");
  set(pixels, "SizeT", fmt::format("{}", description.t_planes));
  if (description.pixel_um) {
    set(pixels, "PhysicalSizeX", fmt::format("{}", description.pixel_um->x_um));
    set(pixels, "PhysicalSizeXUnit", micrometre);
    set(pixels, "PhysicalSizeY", fmt::format("{}", description.pixel_um->y_um));
    set(pixels, "PhysicalSizeYUnit", micrometre);
  }
  pugi::xml_node channel = pixels.append_child("Channel");
  set(channel, "ID", "Channel:0:0");
  set(channel, "Name", description.channel_name);
  set(channel, "SamplesPerPixel", "1");
  pugi::xml_node data = pixels.append_child("TiffData");
  set(data, "IFD", "0");
  set(data, "PlaneCount", fmt::format("{}", description.z_planes * description.t_planes));
}

void append_annotations(pugi::xml_node root, const OmeTiffDescription& description) {
  pugi::xml_node annotation =
      root.append_child("StructuredAnnotations").append_child("MapAnnotation");
  set(annotation, "ID", "Annotation:0");
  set(annotation, "Namespace", "lightmycells:prediction");
  pugi::xml_node map = annotation.append_child("Value");
  for (const auto& [key, value] : description.annotations) {
    pugi::xml_node entry = map.append_child("M");
    set(entry, "K", key);
    entry.append_child(pugi::node_pcdata).set_value(xml_text(value).c_str());
  }
}

/// The schema fixes the order of Image's children.
void append_image(pugi::xml_node root, const OmeTiffDescription& description) {
  const Provenance& input = description.input;
  const pugi::xml_node instrument = append_instrument(root, input.instrument_xml);
  pugi::xml_node image = root.append_child("Image");
  set(image, "ID", "Image:0");
  set(image, "Name", input.image_name);
  if (is_date_time(input.acquisition_date)) {
    append_text(image, "AcquisitionDate", input.acquisition_date);
  }
  append_text(image, "Description", input.description);
  if (instrument) {
    set(image.append_child("InstrumentRef"), "ID", instrument.attribute("ID").value());
    append_objective_settings(image, instrument, input.objective_xml);
  }
  append_pixels(image, description);
  if (!description.annotations.empty()) {
    set(image.append_child("AnnotationRef"), "ID", "Annotation:0");
    append_annotations(root, description);
  }
}

} // namespace

std::string ome_xml(const OmeTiffDescription& description, std::string_view uuid) {
  pugi::xml_document document;
  append_image(append_root(document, uuid), description);
  std::ostringstream text;
  document.save(text, " ", pugi::format_default, pugi::encoding_utf8);
  return std::move(text).str();
}

std::string fresh_uuid() {
  std::random_device source;
  std::array<std::uint32_t, 4> word{};
  for (std::uint32_t& value : word) {
    value = source();
  }
  // RFC 9562: version 4 in the seventh byte, variant 10 in the ninth.
  word[1] = (word[1] & 0xffff0fffu) | 0x00004000u;
  word[2] = (word[2] & 0x3fffffffu) | 0x80000000u;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", word[0], word[1] >> 16,
                     word[1] & 0xffff, word[2] >> 16, word[2] & 0xffff, word[3]);
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
