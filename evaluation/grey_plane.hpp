// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/plane_view.hpp"
#include "image/pixel_type.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <variant>
#include <vector>

namespace lmc::evaluation {

/// A plane with memory of its own, values as they are in the file.
struct GreyPlane {
  std::variant<std::vector<std::uint16_t>, std::vector<float>, std::vector<double>> values;
  std::size_t height = 0;
  std::size_t width = 0;

  [[nodiscard]] PlaneView view() const;
};

/// Widens values, never rounding or rescaling them: integers up to 16 bits without sign become
/// uint16, float32 stays, everything else becomes double.
/// @param path for messages
/// @throws Error input_pixels for NaN and infinity: an image with such pixels has no metrics
[[nodiscard]] GreyPlane grey_plane_of(const image::RawPlane& raw,
                                      const std::filesystem::path& path);

} // namespace lmc::evaluation
