// SPDX-License-Identifier: Apache-2.0
// Writes the OME-TIFFs that tests/python/expected_samples.json describes into a folder.
#include "image/tiff/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <type_traits>
#include <vector>

namespace {

using lmc::image::OmeTiffDescription;
using lmc::image::OmeTiffWriter;
using lmc::image::PixelType;

std::size_t value_at(std::size_t t, std::size_t z, std::size_t y, std::size_t x) {
  return (31 * x + 17 * y + 101 * z + 1009 * t) % 65536;
}

template <class Value>
std::vector<Value> plane_of(const OmeTiffDescription& description, std::size_t t, std::size_t z) {
  std::vector<Value> pixels;
  for (std::size_t y = 0; y < description.height; ++y) {
    for (std::size_t x = 0; x < description.width; ++x) {
      const auto value = static_cast<Value>(value_at(t, z, y, x));
      if constexpr (std::is_same_v<Value, float>) {
        pixels.push_back(value / 8 - 1000);
      } else {
        pixels.push_back(value);
      }
    }
  }
  return pixels;
}

void write(const std::filesystem::path& path, const OmeTiffDescription& description) {
  OmeTiffWriter writer{path, description};
  for (std::size_t t = 0; t < description.t_planes; ++t) {
    for (std::size_t z = 0; z < description.z_planes; ++z) {
      if (description.type == PixelType::float32) {
        writer.write_plane(plane_of<float>(description, t, z));
      } else {
        writer.write_plane(plane_of<std::uint16_t>(description, t, z));
      }
    }
  }
  writer.commit(lmc::Existing::replace);
}

OmeTiffDescription sized(std::size_t height, std::size_t width) {
  OmeTiffDescription description;
  description.height = height;
  description.width = width;
  description.pixel_um = lmc::image::PixelSize{0.1, 0.125};
  description.channel_name = "nucleus";
  description.input.image_name = "sample";
  return description;
}

OmeTiffDescription with_metadata() {
  OmeTiffDescription description = sized(300, 520);
  description.channel_name = "mitochondria";
  description.input.image_name = "\u7d30\u80de <1> & \"\u00b5\" \U0001F52C";
  description.input.description = "two\nlines ]]> <!-- \x1b\xff";
  description.input.acquisition_date = "2024-07-04T20:05:01+02:00";
  description.input.instrument_xml =
      "<OME:Instrument xmlns:OME=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" "
      "ID=\"Instrument:3\"><OME:Microscope Manufacturer=\"Zei\u00df\" Type=\"Inverted\"/>"
      "<OME:Laser ID=\"LightSource:0\"/><OME:Objective ID=\"urn:lsid:x.y:Objective:1\" "
      "LensNA=\"0.8\"/><OME:Objective ID=\"Objective:9\" LensNA=\"1.4\" Immersion=\"Oil\" "
      "WorkingDistance=\"0.13\" WorkingDistanceUnit=\"mm\"/></OME:Instrument>";
  description.input.objective_xml =
      "<OME:ObjectiveSettings ID=\"Objective:9\" Medium=\"Oil\" RefractiveIndex=\"1.518\"/>";
  description.annotations = {{"tool", "lightmycells 1 <&>"}, {"preset", "paper"}};
  return description;
}

void write_all(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write(folder / "metadata.tiff", with_metadata());

  OmeTiffDescription plain = sized(512, 512);
  plain.compress = false;
  write(folder / "uncompressed.tiff", plain);

  OmeTiffDescription stack = sized(70, 90);
  stack.z_planes = 3;
  stack.t_planes = 2;
  write(folder / "stack.tiff", stack);
  stack.type = PixelType::float32;
  write(folder / "stack_float32.tiff", stack);

  OmeTiffDescription unknown = sized(257, 3);
  unknown.pixel_um.reset();
  write(folder / "unknown_pixel_size.tiff", unknown);

  write(folder / "one_pixel.tiff", sized(1, 1));

  OmeTiffDescription big = sized(256, 600);
  big.classic_limit_bytes = 1;
  write(folder / "big_tiff.tiff", big);
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: write_samples FOLDER\n", stderr);
    return 2;
  }
  try {
    write_all(arguments[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
