// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lmc::inference {

/// How the predictions of overlapping windows are weighted.
enum class Blending {
  monai_0_9, ///< Gaussian of MONAI 0.9, centred on pixel R/2: what the published method pins
  monai_1,   ///< Gaussian of MONAI 1.x, centred on (R-1)/2
  constant,  ///< every pixel of a window counts alike
};

/// "monai-0.9", "monai-1", "constant".
[[nodiscard]] std::string_view name_of(Blending blending);

/// One-dimensional Gaussian [window] in float32 before any clamping, not normalised.
/// @param sigma standard deviation in pixels
/// @param blending not constant
[[nodiscard]] std::vector<float> blend_profile(std::int64_t window, double sigma,
                                               Blending blending);

/// Weight map [window, window], row-major, all weights in (0, 1].
/// @param sigma standard deviation as a fraction of the window (0.125 in the method)
[[nodiscard]] std::vector<float> blend_weights(std::int64_t window, double sigma,
                                               Blending blending);

} // namespace lmc::inference
