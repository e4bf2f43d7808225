// SPDX-License-Identifier: Apache-2.0
#include "image/ome_writer.hpp"

#include "common/version.hpp"
#include "image/ome_writer_instrument.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <array>
#include <random>
#include <sstream>

namespace lmc::image {

namespace {

constexpr const char* ome_namespace = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
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
  const CarriedInstrument carried = carried_instrument(input.instrument_xml, input.objective_xml);
  if (carried.instrument.first_child()) {
    root.append_copy(carried.instrument.first_child());
  }
  pugi::xml_node image = root.append_child("Image");
  set(image, "ID", "Image:0");
  set(image, "Name", input.image_name);
  if (is_date_time(input.acquisition_date)) {
    append_text(image, "AcquisitionDate", input.acquisition_date);
  }
  append_text(image, "Description", input.description);
  if (carried.instrument.first_child()) {
    set(image.append_child("InstrumentRef"), "ID", "Instrument:0");
  }
  if (carried.settings.first_child()) {
    image.append_copy(carried.settings.first_child());
  }
  append_pixels(image, description);
  if (!description.annotations.empty()) {
    set(image.append_child("AnnotationRef"), "ID", "Annotation:0");
    append_annotations(root, description);
  }
}

/// Length of the UTF-8 sequence that `lead` begins; 0 when it begins none.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xc2 || lead > 0xf4) {
    return 0;
  }
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// Code point of a sequence of `length` bytes; nothing when it is malformed (RFC 3629).
std::optional<char32_t> decode(std::string_view bytes, std::size_t length) {
  if (length == 0 || bytes.size() < length) {
    return std::nullopt;
  }
  const auto lead = static_cast<unsigned char>(bytes[0]);
  char32_t code = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if ((byte & 0xc0) != 0x80) {
      return std::nullopt;
    }
    code = (code << 6) | (byte & 0x3f);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < smallest[length] || code > 0x10ffff || surrogate ? std::nullopt
                                                                 : std::optional{code};
}

bool xml_can_hold(char32_t code) {
  return code == '\t' || code == '\n' || code == '\r' ||
         (code >= 0x20 && code != 0xfffe && code != 0xffff);
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

std::string xml_text(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[0]));
    const std::optional<char32_t> code = decode(text, length);
    if (code && xml_can_hold(*code)) {
      kept += text.substr(0, length);
    }
    text.remove_prefix(code ? length : 1);
  }
  return kept;
}

} // namespace lmc::image
