// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"
#include "image/pixel_type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lmc::image {

/// Everything about an OME-TIFF but its pixels: one image of one channel.
struct OmeTiffDescription {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t z_planes = 1;
  std::size_t t_planes = 1;
  PixelType type = PixelType::uint16; ///< uint16 or float32
  bool compress = true;               ///< deflate; uint16 with predictor 2
  std::optional<PixelSize> pixel_um;
  std::string channel_name; ///< the organelle
  Provenance input;         ///< name, description, date, instrument and objective are carried over
  /// Key and value pairs of a MapAnnotation: version, checksums, preset, intensity scale ...
  std::vector<std::pair<std::string, std::string>> annotations;
  /// A file that may become larger than this is a BigTIFF (classic TIFF ends at 4 GiB).
  std::uint64_t classic_limit_bytes = 3'500'000'000;
};

/// The OME-XML (schema 2016-06, UTF-8) of a file whose pages are the planes in order, z fastest.
/// What the input says of its acquisition is carried over: name, description, a date that is one,
/// and its own elements of microscope and objectives. Characters that XML cannot hold are dropped.
/// @param uuid 36 characters
[[nodiscard]] std::string ome_xml(const OmeTiffDescription& description, std::string_view uuid);

/// A random UUID, version 4.
[[nodiscard]] std::string fresh_uuid();

/// Whether `text` is an xsd:dateTime with a date that exists.
[[nodiscard]] bool is_date_time(std::string_view text);

} // namespace lmc::image
