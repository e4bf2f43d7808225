// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "model/turned_plane.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace lmc::model {

/// A window's first row and column in the turned and padded plane.
struct WindowOrigin {
  std::int64_t y = 0;
  std::int64_t x = 0;
};

/// A plane of 16-bit grey values in a device's memory, and how windows are cut from it.
struct GreySource {
  at::Tensor greys; ///< uint16 [height, width], contiguous
  at::Tensor seen;  ///< float32 [65536]: what a network sees of each grey value
  TurnedPlane turned;
  std::int64_t pad_rows = 0;    ///< of padding above the turned plane
  std::int64_t pad_columns = 0; ///< left of it
};

/// Running sums of a plane's weighted predictions in the turned and padded frame, on one device;
/// contiguous float32.
struct BlendSums {
  std::span<const Organelle> organelles; ///< channels of a prediction that are kept
  at::Tensor weights;                    ///< of one window [window, window]
  at::Tensor sum;                        ///< weight * prediction [organelles, rows, columns]
  at::Tensor weight_sum;                 ///< [rows, columns]
};

/// What a device does around a network in one step a batch, where an engine has kernels for it.
class WindowKernels {
public:
  WindowKernels() = default;
  WindowKernels(const WindowKernels&) = delete;
  WindowKernels& operator=(const WindowKernels&) = delete;
  virtual ~WindowKernels() = default;

  /// Cuts windows; what lies outside the plane is -1, the scaled zero.
  /// @return float32 [n, 1, window, window] on the source's device
  /// @throws c10::OutOfMemoryError
  [[nodiscard]] virtual at::Tensor gather(const GreySource& source,
                                          std::span<const WindowOrigin> origins,
                                          std::int64_t window) const = 0;

  /// Adds predictions to the sums, in the windows' order at every pixel: the same bits on every
  /// run.
  /// @param predictions float32 [n, 4, window, window] on the sums' device
  virtual void blend(const at::Tensor& predictions, std::span<const WindowOrigin> origins,
                     const BlendSums& sums) const = 0;
};

} // namespace lmc::model
