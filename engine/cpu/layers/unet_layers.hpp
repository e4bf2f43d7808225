// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/shape.hpp"
#include "engine/cpu/team.hpp"

namespace lmc::engine::cpu {

/// Maximum of 3x3 pixels, stride 2, padding 1, of values that are not negative.
/// @param input [height, width, channels], height and width even
/// @param result [height / 2, width / 2, channels]
void max_pool(const float* input, Size size, Index channels, float* result, Team& team);

/// tanh of the first `planes` channels of each pixel, a plane for each.
/// @param input [pixels, channels]
/// @param result [planes, pixels]
struct PlaneShape {
  Index pixels = 0;
  Index channels = 0;
  Index planes = 0;
};
void tanh_planes(const float* input, const PlaneShape& shape, float* result, Team& team);

} // namespace lmc::engine::cpu
