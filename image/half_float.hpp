// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lmc::image {

/// Value of an IEEE binary16 number; exact, NaN and infinity included.
[[nodiscard]] float float_from_half(std::uint16_t half);

} // namespace lmc::image
