// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that is fixed about the challenge container, in one place. Nothing here can be changed
// by an option.

#include "common/organelle.hpp"
#include "inference/preset.hpp"
#include "inference/route.hpp"

#include <array>
#include <string_view>

namespace lmc::app::configuration {

/// Window 512, overlap 0.8, four rotations, Gaussian blending: the paper's inference.
inline constexpr inference::WindowOptions windows{.window = 512,
                                                  .overlap = 0.8,
                                                  .rotations = 4,
                                                  .blending = inference::Blending::monai_0_9,
                                                  .sigma = 0.125,
                                                  .batch = 0,
                                                  .skip_near_duplicates = false};

/// Modality and organelle -> network.
inline constexpr auto role_for = inference::role_for;
static_assert(role_for(Modality::dic, Organelle::actin) == inference::Role::unified);

/// The platform's folders.
inline constexpr std::string_view input_folder = "/input";
inline constexpr std::string_view output_folder = "/output";
inline constexpr std::string_view model_folder = "/opt/ml/model";

/// Where the platform reaches a container of the API method "invoke".
inline constexpr int invoke_port = 4743;

/// The platform's sockets, and their folders below input and output.
inline constexpr std::string_view input_slug = "organelles-transmitted-light-ome-tiff";
inline constexpr std::string_view input_images = "images/organelles-transmitted-light-ome-tiff";
inline constexpr std::array<std::string_view, organelle_count> output_images{
    "images/mitochondria-fluorescence-ome-tiff",
    "images/nucleus-fluorescence-ome-tiff",
    "images/tubulin-fluorescence-ome-tiff",
    "images/actin-fluorescence-ome-tiff",
};

} // namespace lmc::app::configuration
