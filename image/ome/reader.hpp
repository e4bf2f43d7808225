// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lmc::image {

/// OME Channel.
struct OmeChannel {
  std::string name;
  std::string fluor;
};

/// OME TiffData: which pages hold which planes. Without attributes: all pages in order.
struct OmeTiffData {
  std::optional<std::size_t> ifd = {};
  std::size_t first_z = 0;
  std::size_t first_c = 0;
  std::size_t first_t = 0;
  std::optional<std::size_t> plane_count = {};
  std::string uuid = {};      ///< of the file that holds the planes; empty: this file
  std::string file_name = {}; ///< of that file
};

/// The first Image of an OME-XML block (schema 2016-06), as far as it is used.
struct OmeMetadata {
  std::string uuid; ///< of this file
  std::string image_name;
  std::string description;
  std::string acquisition_date;
  std::string instrument_xml; ///< as in the text, names with their prefixes
  std::string objective_xml;

  std::string dimension_order = "XYZCT";
  std::size_t size_x = 0; ///< 0: not a number in the text
  std::size_t size_y = 0;
  std::size_t size_z = 1;
  std::size_t size_c = 1;
  std::size_t size_time = 1;         ///< SizeT
  std::string type;                  ///< "uint16" ...
  std::optional<PixelSize> pixel_um; ///< only if between 0.01 and 100 um
  std::vector<OmeChannel> channels;
  std::vector<OmeTiffData> tiff_data;
};

/// What came of reading an ImageDescription.
struct OmeReading {
  std::optional<OmeMetadata> metadata; ///< nothing when the text is no usable OME-XML
  std::vector<std::string> warnings;   ///< why not, or what was ignored
};

/// Reads OME-XML whatever its namespace prefix. Text that does not begin like XML is no OME-XML,
/// without a warning. XML that is malformed, too large, too deep, refused (DOCTYPE), not UTF-8, or
/// without an Image (BinaryOnly) gives a warning and no metadata. Nothing outside `text` is opened.
[[nodiscard]] OmeReading read_ome_xml(std::string_view text);

} // namespace lmc::image
