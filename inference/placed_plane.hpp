// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/grey_plane.hpp"
#include "inference/window_grid.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <span>
#include <vector>

namespace lmc::inference {

/// A plane where its windows are cut and blended. Made once for all rotations.
struct PlacedPlane {
  GreyPlane plane;
  c10::Device device{c10::DeviceType::CPU}; ///< of the windows and of their predictions' sums
  /// Cut and blend on `device`; null: windows are cut on the host and copied to the device, where
  /// LibTorch's operations blend.
  const model::WindowKernels* kernels = nullptr;
  at::Tensor greys = {}; ///< uint16 [height, width] on `device`, for the kernels only
  at::Tensor seen = {};  ///< float32 [grey_values], likewise
};

/// Copies the plane to the device if there are kernels that read it there.
/// @param kernels of `device`, or null
[[nodiscard]] PlacedPlane place_plane(const GreyPlane& plane, c10::Device device,
                                      const model::WindowKernels* kernels);

/// Cuts windows from one rotation of a plane.
class WindowCutter {
public:
  /// @param plane stays alive as long as this object
  /// @param quarter_turns 0 to 3, counter-clockwise
  /// @param grid of the turned plane
  WindowCutter(const PlacedPlane& plane, std::int64_t quarter_turns, const WindowGrid& grid);

  /// @return float32 [origins, 1, window, window] on the plane's device
  [[nodiscard]] at::Tensor cut(std::span<const WindowOrigin> origins) const;

private:
  [[nodiscard]] at::Tensor cut_on_host(std::span<const WindowOrigin> origins) const;

  const PlacedPlane& plane_;
  std::int64_t window_;
  Padding padding_;
  model::TurnedPlane turned_;
  std::vector<std::uint16_t>
      pixels_; ///< turned, if windows are cut on the host and turns there are
};

} // namespace lmc::inference
