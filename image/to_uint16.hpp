// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lmc::image {

/// A plane on the scale of the networks.
struct Uint16Plane {
  Plane<std::uint16_t> pixels;
  int input_bits = 16;
  std::uint16_t full_scale = 65535; ///< value that `input_bits` at their maximum have here
  std::vector<std::string> warnings;
};

/// Converts grey values to uint16:
/// - uint16 as it is; packed unsigned integers of n bits keep their values, `input_bits` is n;
/// - uint8 times 257, so that full scale stays full scale;
/// - other integers as they are when all lie in [0, 65535];
/// - floats: NaN and infinity (at most 1 % of the pixels) are replaced by the median of the finite
/// values;
///   values that round to 0 to 65535 are rounded, except that values all in [0, 1] of which one is
///   no integer are multiplied by 65535.
/// Everything but uint16 gets a warning.
/// @param grey one sample per pixel, not float16
/// @param path for messages
/// @throws Error input_pixels, with the range seen
[[nodiscard]] Uint16Plane to_uint16(const RawPlane& grey, const std::filesystem::path& path);

} // namespace lmc::image
