// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <cstddef>
#include <cstdint>

namespace lmc::training {

/// What may be done to a crop.
struct AugmentationOptions {
  std::size_t crop = 512; ///< side, pixels
  bool rotations = true;  ///< by multiples of 90 degrees
  bool flips = true;      ///< of each axis, probability 0.5
};

/// A square part of a plane and its orientation, the same for light and labels.
struct Crop {
  Index top = 0;
  Index left = 0;
  Index side = 0;
  int quarter_turns = 0; ///< counter-clockwise
  bool flip_rows = false;
  bool flip_columns = false;

  /// Pixel of the plane that pixel (y, x) of the crop is taken from.
  template <class T> [[nodiscard]] T of(PlaneView<const T> plane, Index y, Index x) const {
    Index row = flip_rows ? side - 1 - y : y;
    Index column = flip_columns ? side - 1 - x : x;
    for (int turn = 0; turn < quarter_turns; ++turn) {
      // Turned once, row y and column x show what was in row x, counted from the top, and column
      // y, counted from the right.
      const Index turned = row;
      row = column;
      column = side - 1 - turned;
    }
    return plane(top + row, left + column);
  }
};

/// A random crop, a pure function of the key. The plane must be at least as large as the crop.
[[nodiscard]] Crop random_crop(const AugmentationOptions& options, std::uint64_t key, Index height,
                               Index width);

/// The middle of a plane as it is.
[[nodiscard]] Crop central_crop(Index side, Index height, Index width);

} // namespace lmc::training
