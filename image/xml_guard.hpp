// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lmc::image {

inline constexpr std::size_t max_xml_bytes = std::size_t{8} << 20;
inline constexpr std::size_t max_xml_depth = 64;

/// Whether a TIFF's ImageDescription wants to be XML, or is text in UTF-16.
[[nodiscard]] bool is_xml(std::string_view text);

/// XML text that may be given to a parser: at most 8 MiB, UTF-8, no DOCTYPE and no entities,
/// elements nested at most 64 deep. A Latin-1 micro sign (byte B5, from old writers) is repaired.
/// pugixml itself accepts invalid UTF-8 and visits nested elements recursively.
/// @throws std::invalid_argument with the cause
[[nodiscard]] std::string guarded_xml(std::string_view text);

} // namespace lmc::image
