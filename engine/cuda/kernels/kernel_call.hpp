// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/kernels/add_bias.hpp"
#include "engine/cuda/kernels/apply_norm.hpp"
#include "engine/cuda/kernels/blend_windows.hpp"
#include "engine/cuda/kernels/channel_sums.hpp"
#include "engine/cuda/kernels/gather_windows.hpp"
#include "engine/cuda/kernels/head.hpp"
#include "engine/cuda/kernels/join_channels.hpp"
#include "engine/cuda/kernels/stem.hpp"
#include "engine/cuda/kernels/strided_stem.hpp"
#include "engine/cuda/kernels/window_contrast.hpp"

#include <variant>

namespace lmc::engine::cuda {

/// Any of the kernels with its arguments. A new one is its own header and a name here.
using KernelCall = std::variant<MeasureContrast, Stem, SumChannels, FinishNorm, ApplyNorm, Head,
                                StridedStem, AddBias, JoinChannels, GatherWindows, BlendWindows>;

/// A CUDA stream (cudaStream_t), named without CUDA's headers.
using Stream = void*;

/// Starts a kernel on the current device and returns at once (kernels.cu).
/// @throws std::runtime_error when it cannot be started
void launch(const KernelCall& call, Stream stream);

} // namespace lmc::engine::cuda
