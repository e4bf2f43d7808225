// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lmc::image {

/// Warnings about an image that is predicted nevertheless: constant; more than 5 % of the pixels at
/// the maximum; almost no contrast (the 1st and 99th percentiles less than 0.2 % of full scale
/// apart).
/// @param full_scale value of a saturated pixel
[[nodiscard]] std::vector<std::string> quality_warnings(std::span<const std::uint16_t> pixels,
                                                        std::uint16_t full_scale);

} // namespace lmc::image
