// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace lmc::image {

inline constexpr std::size_t max_xml_bytes = std::size_t{8} << 20;
inline constexpr std::size_t max_xml_depth = 64;

/// Whether a TIFF's ImageDescription wants to be XML, or is text in UTF-16.
[[nodiscard]] bool is_xml(std::string_view text);

/// Parses XML of unknown origin: at most 8 MiB, UTF-8, no DOCTYPE and no entities, elements nested
/// at most 64 deep. A Latin-1 micro sign (byte B5, from old writers) is repaired. pugixml itself
/// accepts invalid UTF-8, and what is done with its nodes may be recursive.
/// @throws std::invalid_argument with the cause
[[nodiscard]] pugi::xml_document parsed_xml(std::string_view text);

/// `text` without what XML 1.0 cannot hold: control characters but tab and line ends, U+FFFE and
/// U+FFFF, and bytes that are not UTF-8.
[[nodiscard]] std::string xml_text(std::string_view text);

/// The namespace of the OME schema that is written: 2016-06.
inline constexpr std::string_view ome_namespace =
    "http://www.openmicroscopy.org/Schemas/OME/2016-06";

/// An element's or attribute's name without its prefix.
[[nodiscard]] std::string_view local_name(std::string_view name);

} // namespace lmc::image
