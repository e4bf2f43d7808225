// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "image/image.hpp"
#include "inference/batch_backoff.hpp"
#include "inference/network_source.hpp"
#include "inference/preset.hpp"
#include "inference/route.hpp"
#include "inference/scaling.hpp"
#include "inference/sliding_window.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace lmc::inference {

/// Four fluorescence planes of one image, those of the route.
struct OrganellePrediction {
  /// On the scale of 16-bit grey values, neither rounded nor clamped; nothing for organelles that
  /// the route leaves out.
  PerOrganelle<std::optional<Plane<float>>> planes = {};
  /// How each network ran, in the order of the route's uses.
  std::vector<BackoffRecord> runs = {};
};

/// Called after every batch: windows done and windows in all, over all networks and rotations.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

/// How an image is predicted.
struct PredictOptions {
  WindowOptions windows = {};
  /// Bytes of host memory that the prediction may use; nothing: what this process may still
  /// allocate.
  std::optional<std::uint64_t> memory_limit = {};
  Progress progress = {};
};

/// Predicts the route's organelles, by the steps of docs/inference.md.
/// The calling thread needs no gradient guard of its own: this sets c10::InferenceMode.
/// @throws Error configuration (window options, window no multiple of the network's), memory,
/// not_a_number
/// @throws Interrupted after SIGINT or SIGTERM
[[nodiscard]] OrganellePrediction predict(const image::TransmittedLight& image, const Route& route,
                                          const NetworkSource& networks,
                                          const PredictOptions& options);

/// The method between scaling and scaling back: the mean, over the rotations, of the blended
/// windows of the rotated plane, rotated back.
/// @return float32 [organelles, height, width] in host memory, in [-1, 1]
/// @throws as slide_windows
[[nodiscard]] at::Tensor predict_plane(const compute::InputPlane& plane,
                                       const WindowOptions& options,
                                       std::span<const Organelle> organelles, BatchRunner& runner,
                                       const WindowsDone& done = {});

} // namespace lmc::inference
