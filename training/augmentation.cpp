// SPDX-License-Identifier: Apache-2.0
#include "training/augmentation.hpp"

#include "common/random.hpp"

#include <utility>

namespace lmc::training {

std::size_t Crop::source(std::size_t y, std::size_t x, std::size_t width) const {
  std::size_t row = flip_rows ? side - 1 - y : y;
  std::size_t column = flip_columns ? side - 1 - x : x;
  for (int turn = 0; turn < quarter_turns; ++turn) {
    // Turned once, row y and column x show what was in row x, counted from the top, and column
    // y, counted from the right.
    const std::size_t turned = row;
    row = column;
    column = side - 1 - turned;
  }
  return (top + row) * width + left + column;
}

Crop random_crop(const AugmentationOptions& options, std::uint64_t key, std::size_t height,
                 std::size_t width) {
  const auto random = [&](std::uint64_t number) { return splitmix64(key + number); };
  Crop crop{.top = random(1) % (height - options.crop + 1),
            .left = random(2) % (width - options.crop + 1),
            .side = options.crop};
  crop.quarter_turns = options.rotations ? static_cast<int>(random(3) % 4) : 0;
  crop.flip_rows = options.flips && random(4) % 2 == 1;
  crop.flip_columns = options.flips && random(5) % 2 == 1;
  return crop;
}

Crop central_crop(std::size_t side, std::size_t height, std::size_t width) {
  return {.top = (height - side) / 2, .left = (width - side) / 2, .side = side};
}

} // namespace lmc::training
