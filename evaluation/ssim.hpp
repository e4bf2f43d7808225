// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/normalised_plane.hpp"

#include <optional>

namespace lmc::evaluation {

/// Side of the windows that structural similarity compares.
inline constexpr Index ssim_window = 7;

/// Mean structural similarity (Wang et al. 2004, doi:10.1109/TIP.2003.819861) over all 7 x 7
/// windows inside the planes, as scikit-image's default: uniform weights, sample covariance
/// (49/48), K1 0.01, K2 0.03, data range the larger of the two planes' ranges.
/// @return nothing for planes below 7 x 7 pixels, and when both are constant (0 / 0)
[[nodiscard]] std::optional<double> structural_similarity(const NormalisedPlane& a,
                                                          const NormalisedPlane& b);

} // namespace lmc::evaluation
