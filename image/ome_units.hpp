// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lmc::image {

/// Micrometres in one unit of length, for every UnitsLength of OME's schema 2016-06; the micrometre
/// also as "um", "micron" and with the Greek letter mu. Nothing for "pixel", "reference frame" and
/// unknown units.
[[nodiscard]] std::optional<double> um_per(std::string_view unit);

/// A decimal number, whatever the locale: all of `text` but blanks around it.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

} // namespace lmc::image
