// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/blend_weights.hpp"
#include "inference/window_grid.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace lmc::inference {

/// How an image is cut into windows, and how their predictions are put together. The defaults are
/// the published method's.
struct WindowOptions {
  std::int64_t window = 512; ///< side length, pixels
  double overlap = 0.8;      ///< of neighbouring windows, fraction of the window, in [0, 1)
  int rotations = 4; ///< test-time augmentation over 1, 2 or 4 rotations, see quarter_turns_of
  Blending blending = Blending::monai_0_9;
  double sigma = 0.125;   ///< of the Gaussian blend weights, fraction of the window
  std::int64_t batch = 0; ///< windows per call of the network; 0: chosen from the memory
  /// Leaves out windows that the last of their axis nearly repeats, see NearDuplicates.
  bool skip_near_duplicates = false;

  /// @throws Error configuration, naming the option, the value and the values allowed
  void validate() const;

  bool operator==(const WindowOptions&) const = default;
};

/// Quarter turns of a test-time augmentation over `rotations` (1, 2 or 4) rotations: {0}, {0, 2} or
/// {0, 1, 2, 3}. Two are half a turn apart, so that a network's and the grid's asymmetries along
/// both axes meet their mirror image.
/// @throws Error configuration for another number
[[nodiscard]] std::span<const std::int64_t> quarter_turns_of(int rotations);

/// A named choice between quality and time: `paper` (the method, and the container's fixed
/// setting), `balanced`, `fast`.
/// @throws Error usage for an unknown name, listing the known ones
[[nodiscard]] WindowOptions preset_options(std::string_view name);

/// The windows of an image of this size. @throws Error configuration as window_grid
[[nodiscard]] WindowGrid grid_of(std::int64_t height, std::int64_t width,
                                 const WindowOptions& options);

/// Windows x rotations that an image of this size takes: what the running time is proportional to.
[[nodiscard]] std::int64_t network_windows(std::int64_t height, std::int64_t width,
                                           const WindowOptions& options);

/// Options as a JSON object: window, overlap, rotations, blending, sigma, batch,
/// skip_near_duplicates.
[[nodiscard]] nlohmann::json to_json(const WindowOptions& options);

} // namespace lmc::inference
