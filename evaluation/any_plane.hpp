// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"
#include "image/pixel_type.hpp"

#include <cstdint>
#include <filesystem>
#include <variant>

namespace lmc::evaluation {

/// A plane of another's memory, and one of its own, with the values that a file has: integers up to
/// 16 bits without sign as uint16, float32, everything else as double.
using AnyView =
    std::variant<PlaneView<const std::uint16_t>, PlaneView<const float>, PlaneView<const double>>;
using AnyPlane = std::variant<Plane<std::uint16_t>, Plane<float>, Plane<double>>;

[[nodiscard]] AnyView view_of(const AnyPlane& plane);

/// Widens values, never rounding or rescaling them.
/// @param path for messages
/// @throws Error input_pixels for NaN and infinity: an image with such pixels has no metrics
[[nodiscard]] AnyPlane plane_of(const image::RawPlane& raw, const std::filesystem::path& path);

} // namespace lmc::evaluation
