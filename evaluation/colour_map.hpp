// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/preview_canvas.hpp"

#include <string>

namespace lmc::evaluation {

/// Colour of a value in [0, 1] on viridis: equal steps look equally large, in grey and to the
/// colour-blind too. Values beyond are clamped, NaN is black.
[[nodiscard]] image::Colour8 viridis(double value);

/// The map from 0 to 1 as a CSS `linear-gradient`.
[[nodiscard]] std::string viridis_gradient();

} // namespace lmc::evaluation
