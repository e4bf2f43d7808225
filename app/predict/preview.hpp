// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "common/plane.hpp"
#include "image/image.hpp"

#include <cstdint>
#include <string>

namespace lmc::app {

/// A picture of an image beside its predictions.
/// @param predictions of the image's size; empty ones are left out
/// @return a PNG file's content
[[nodiscard]] std::string preview_png(const image::TransmittedLight& light,
                                      const PerOrganelle<Plane<std::uint16_t>>& predictions);

} // namespace lmc::app
