// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  std::size_t top = 0;
  std::size_t left = 0;
  std::size_t side = 0;
  int quarter_turns = 0; ///< counter-clockwise
  bool flip_rows = false;
  bool flip_columns = false;

  /// Index in a plane of `width` columns that pixel (y, x) of the crop is taken from.
  [[nodiscard]] std::size_t source(std::size_t y, std::size_t x, std::size_t width) const;
};

/// A random crop, a pure function of the key. The plane must be at least as large as the crop.
[[nodiscard]] Crop random_crop(const AugmentationOptions& options, std::uint64_t key,
                               std::size_t height, std::size_t width);

/// The middle of a plane as it is.
[[nodiscard]] Crop central_crop(std::size_t side, std::size_t height, std::size_t width);

} // namespace lmc::training
