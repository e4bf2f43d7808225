// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lmc::image {

/// A length in micrometres. The number is decimal, whatever the locale; units are those of OME's
/// schema 2016-06 from the picometre to the kilometre, the micrometre also as "um", "micron" and
/// with the Greek letter mu. Blanks around both do not count. Nothing for other text, and for
/// "pixel" and "reference frame".
[[nodiscard]] std::optional<double> length_um(std::string_view number, std::string_view unit);

} // namespace lmc::image
