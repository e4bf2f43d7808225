// SPDX-License-Identifier: Apache-2.0
#include "training/data/augmentation.hpp"

#include "common/random.hpp"

namespace lmc::training {

Crop random_crop(const AugmentationOptions& options, std::uint64_t key, Index height, Index width) {
  const auto random = [&](std::uint64_t number) { return splitmix64(key + number); };
  const auto side = static_cast<Index>(options.crop);
  const auto below = [&](std::uint64_t number, Index places) {
    return static_cast<Index>(random(number) % static_cast<std::uint64_t>(places));
  };
  Crop crop{.top = below(1, height - side + 1), .left = below(2, width - side + 1), .side = side};
  crop.quarter_turns = options.rotations ? static_cast<int>(below(3, 4)) : 0;
  crop.flip_rows = options.flips && random(4) % 2 == 1;
  crop.flip_columns = options.flips && random(5) % 2 == 1;
  return crop;
}

Crop central_crop(Index side, Index height, Index width) {
  return {.top = (height - side) / 2, .left = (width - side) / 2, .side = side};
}

} // namespace lmc::training
