// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

namespace lmc::evaluation {

/// Pixels of a plane in somebody else's memory, row-major.
using Pixels =
    std::variant<std::span<const std::uint16_t>, std::span<const float>, std::span<const double>>;

/// One plane [height, width].
struct PlaneView {
  Pixels pixels;
  std::size_t height = 0;
  std::size_t width = 0;
};

} // namespace lmc::evaluation
