// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/plane.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::image {

/// Side lengths of one pixel in the sample, micrometres.
struct PixelSize {
  double x_um = 0;
  double y_um = 0;
};

/// True when both sides lie between 0.01 and 100 um; anything else is a writer's mistake.
[[nodiscard]] constexpr bool is_sane(const PixelSize& size) {
  const auto sane = [](double um) { return um >= 0.01 && um <= 100; };
  return sane(size.x_um) && sane(size.y_um);
}

/// What is known of a file beside its pixels, and what outputs carry over.
struct Provenance {
  std::filesystem::path source;
  std::string sha256; ///< of the whole file, where ReadOptions::checksum wants it
  std::string format; ///< "OME-TIFF", "TIFF", "MetaImage", "NRRD", "PNG", "NIfTI"
  int input_bits = 16;
  std::string image_name;       ///< OME Image@Name, or the file's stem
  std::string description;      ///< OME Image/Description
  std::string acquisition_date; ///< OME Image/AcquisitionDate, ISO 8601
  std::string instrument_xml;   ///< OME Instrument element that Image refers to, empty if none
  std::string objective_xml;    ///< OME Image/ObjectiveSettings element, empty if none
  std::vector<std::string> warnings;
};

/// One transmitted-light plane.
struct TransmittedLight {
  Plane<std::uint16_t> pixels;
  Modality modality = Modality::unknown;
  std::optional<PixelSize> pixel_um;
  Provenance provenance;
};

} // namespace lmc::image
