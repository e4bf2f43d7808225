// SPDX-License-Identifier: Apache-2.0
#include "image/ome/reader.hpp"

#include "common/text.hpp"
#include "image/ome/units.hpp"
#include "image/ome/xml.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

namespace lmc::image {
namespace {

constexpr std::size_t max_axis = 1'000'000;
constexpr std::size_t max_carried_bytes = std::size_t{64} << 10;

using Warnings = std::vector<std::string>;

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([&](const pugi::xml_node& node) {
    return node.type() == pugi::node_element && local_name(node.name()) == name;
  });
}

/// Character references may name code points that are no characters.
std::string clean(const char* text) {
  return is_utf8(text) ? text : "";
}

std::string attribute(const pugi::xml_node& node, const char* name) {
  return clean(node.attribute(name).value());
}

std::optional<std::size_t> count_attribute(const pugi::xml_node& node, const char* name) {
  return number_from<std::size_t>(attribute(node, name));
}

std::size_t axis(const pugi::xml_node& pixels, const char* name, Warnings& warnings) {
  const auto size = count_attribute(pixels, name);
  if (size && *size > max_axis) {
    throw std::invalid_argument(fmt::format("its {} of {} is not believable", name, *size));
  }
  if (!size || *size == 0) {
    warnings.push_back(fmt::format("OME-XML: {} is not a positive number; 1 is assumed", name));
    return 1;
  }
  return *size;
}

std::optional<double> side_um(const pugi::xml_node& pixels, const std::string& name) {
  const pugi::xml_attribute unit = pixels.attribute((name + "Unit").c_str());
  return length_um(attribute(pixels, name.c_str()), unit ? clean(unit.value()) : "um");
}

std::optional<PixelSize> pixel_size(const pugi::xml_node& pixels, Warnings& warnings) {
  if (!pixels.attribute("PhysicalSizeX") && !pixels.attribute("PhysicalSizeY")) {
    return std::nullopt;
  }
  const auto x = side_um(pixels, "PhysicalSizeX");
  const auto y = side_um(pixels, "PhysicalSizeY");
  // One side alone stands for both: the camera's pixels are square.
  const PixelSize size{x.value_or(y.value_or(0)), y.value_or(x.value_or(0))};
  if (is_sane(size)) {
    return size;
  }
  warnings.push_back(fmt::format(
      "OME-XML: the pixel size {} {} x {} {} is not between 0.01 and 100 um and is ignored",
      attribute(pixels, "PhysicalSizeX"), attribute(pixels, "PhysicalSizeXUnit"),
      attribute(pixels, "PhysicalSizeY"), attribute(pixels, "PhysicalSizeYUnit")));
  return std::nullopt;
}

std::string dimension_order(const pugi::xml_node& pixels, Warnings& warnings) {
  constexpr std::array<std::string_view, 6> orders{"XYZCT", "XYZTC", "XYCZT",
                                                   "XYCTZ", "XYTZC", "XYTCZ"};
  std::string order = attribute(pixels, "DimensionOrder");
  if (std::ranges::find(orders, order) == orders.end()) {
    warnings.push_back(
        fmt::format("OME-XML: DimensionOrder \"{}\" is unknown; XYZCT is assumed", order));
    return "XYZCT";
  }
  return order;
}

OmeTiffData tiff_data(const pugi::xml_node& node) {
  const pugi::xml_node uuid = child(node, "UUID");
  return {.ifd = count_attribute(node, "IFD"),
          .first_z = count_attribute(node, "FirstZ").value_or(0),
          .first_c = count_attribute(node, "FirstC").value_or(0),
          .first_t = count_attribute(node, "FirstT").value_or(0),
          .plane_count = count_attribute(node, "PlaneCount"),
          .uuid = clean(uuid.text().get()),
          .file_name = attribute(uuid, "FileName")};
}

void read_pixels(const pugi::xml_node& pixels, OmeMetadata& metadata, Warnings& warnings) {
  metadata.dimension_order = dimension_order(pixels, warnings);
  metadata.size_x = count_attribute(pixels, "SizeX").value_or(0);
  metadata.size_y = count_attribute(pixels, "SizeY").value_or(0);
  metadata.size_z = axis(pixels, "SizeZ", warnings);
  metadata.size_c = axis(pixels, "SizeC", warnings);
  metadata.size_time = axis(pixels, "SizeT", warnings);
  metadata.type = attribute(pixels, "Type");
  metadata.pixel_um = pixel_size(pixels, warnings);
  for (const pugi::xml_node& node : pixels.children()) {
    const std::string_view name = local_name(node.name());
    if (name == "Channel") {
      metadata.channels.push_back({attribute(node, "Name"), attribute(node, "Fluor")});
    } else if (name == "TiffData") {
      metadata.tiff_data.push_back(tiff_data(node));
    }
  }
}

/// The element's text for the output to carry over; nothing when it is unusually large or of
/// another schema than the one that is written.
std::string carried(const pugi::xml_node& ome, const pugi::xml_node& node) {
  const auto prefix = [](const pugi::xml_node& element) {
    const std::string_view name = element.name();
    return std::string{name.substr(0, name.size() - local_name(name).size())};
  };
  const std::string colon = prefix(ome);
  const std::string declaration =
      colon.empty() ? "xmlns" : "xmlns:" + colon.substr(0, colon.size() - 1);
  if (!node || prefix(node) != colon ||
      ome.attribute(declaration.c_str()).value() != ome_namespace) {
    return "";
  }
  std::ostringstream stream;
  node.print(stream, "", pugi::format_raw);
  const std::string text = stream.str();
  return text.size() <= max_carried_bytes && is_utf8(text) ? text : "";
}

pugi::xml_node instrument_of(const pugi::xml_node& ome, const pugi::xml_node& image) {
  const std::string id = attribute(child(image, "InstrumentRef"), "ID");
  return ome.find_child([&](const pugi::xml_node& node) {
    return local_name(node.name()) == "Instrument" && !id.empty() && attribute(node, "ID") == id;
  });
}

OmeMetadata read_image(const pugi::xml_node& ome, Warnings& warnings) {
  const pugi::xml_node image = child(ome, "Image");
  const pugi::xml_node pixels = child(image, "Pixels");
  if (!pixels) {
    throw std::invalid_argument(child(ome, "BinaryOnly")
                                    ? "it is BinaryOnly: the metadata is in a companion file"
                                    : "it has no Image with Pixels");
  }
  OmeMetadata metadata;
  metadata.uuid = attribute(ome, "UUID");
  metadata.image_name = attribute(image, "Name");
  metadata.description = clean(child(image, "Description").text().get());
  metadata.acquisition_date = clean(child(image, "AcquisitionDate").text().get());
  metadata.instrument_xml = carried(ome, instrument_of(ome, image));
  metadata.objective_xml = carried(ome, child(image, "ObjectiveSettings"));
  read_pixels(pixels, metadata, warnings);
  const auto images = std::ranges::count_if(ome.children(), [](const pugi::xml_node& node) {
    return local_name(node.name()) == "Image";
  });
  if (images > 1) {
    warnings.push_back(fmt::format("OME-XML: only the first of its {} images is used", images));
  }
  return metadata;
}

} // namespace

OmeReading read_ome_xml(std::string_view text) {
  OmeReading reading;
  if (!is_xml(text)) {
    return reading;
  }
  try {
    const pugi::xml_document document = parsed_xml(text);
    const pugi::xml_node ome = child(document, "OME");
    if (!ome) {
      throw std::invalid_argument("it is XML, but not OME-XML");
    }
    reading.metadata = read_image(ome, reading.warnings);
  } catch (const std::invalid_argument& problem) {
    reading.warnings.push_back(
        fmt::format("the OME-XML is ignored: {}; the TIFF tags are used", problem.what()));
  }
  return reading;
}

} // namespace lmc::image
