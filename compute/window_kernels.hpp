// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "common/plane.hpp"
#include "compute/turned_plane.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <span>

namespace lmc::compute {

/// An image as a network sees it, without a copy of its pixels. Nothing is owned.
struct InputPlane {
  PlaneView<const std::uint16_t> greys;
  std::span<const float> table; ///< [65536]: what the network sees of each grey value
};

/// A plane where windows are cut from it, in one of its turns.
struct GreySource {
  at::Tensor greys; ///< uint16 [height, width], contiguous
  at::Tensor table; ///< float32 [65536]
  TurnedPlane turned;
};

/// Windows in the turned and padded plane.
struct WindowFrame {
  Index window = 0;      ///< side
  Index pad_rows = 0;    ///< of padding above the turned plane
  Index pad_columns = 0; ///< left of it
};

/// A window's first row and column in the turned and padded plane.
struct WindowOrigin {
  Index y = 0;
  Index x = 0;
};

/// Running sums of a plane's weighted predictions in the turned and padded frame, on one device;
/// contiguous float32.
struct BlendSums {
  std::span<const Organelle> organelles; ///< channels of a prediction that are kept
  at::Tensor weights;                    ///< of one window [window, window]
  at::Tensor sum;                        ///< weight * prediction [organelles, rows, columns]
  at::Tensor weight_sum;                 ///< [rows, columns]
};

/// What is done with windows around a network, a batch at a time.
class WindowKernels {
public:
  WindowKernels() = default;
  WindowKernels(const WindowKernels&) = delete;
  WindowKernels& operator=(const WindowKernels&) = delete;
  virtual ~WindowKernels() = default;

  /// Where windows, their predictions and the sums lie.
  [[nodiscard]] virtual c10::Device device() const = 0;

  /// Brings a plane to where windows are cut from it, once for all of its turns.
  /// @param plane alive as long as what is made of it
  /// @throws c10::OutOfMemoryError
  [[nodiscard]] virtual GreySource place(const InputPlane& plane) const = 0;

  /// @param placed of place()
  /// @param quarter_turns 0 to 3, counter-clockwise
  [[nodiscard]] virtual GreySource turn(const GreySource& placed, Index quarter_turns) const = 0;

  /// Cuts windows; what lies outside the plane is -1, the scaled zero.
  /// @return float32 [n, 1, window, window] on `device()`
  /// @throws c10::OutOfMemoryError
  [[nodiscard]] virtual at::Tensor gather(const GreySource& source,
                                          std::span<const WindowOrigin> origins,
                                          const WindowFrame& frame) const = 0;

  /// Adds predictions to the sums, in the windows' order at every pixel: the same bits on every
  /// run.
  /// @param predictions float32 [n, 4, window, window] on `device()`
  virtual void blend(const at::Tensor& predictions, std::span<const WindowOrigin> origins,
                     const BlendSums& sums) const = 0;
};

} // namespace lmc::compute
