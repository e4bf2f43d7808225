// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/add_bias.hpp"
#include "engine/cuda/apply_norm.hpp"
#include "engine/cuda/blend_windows.hpp"
#include "engine/cuda/channel_sums.hpp"
#include "engine/cuda/gather_windows.hpp"
#include "engine/cuda/head.hpp"
#include "engine/cuda/join_channels.hpp"
#include "engine/cuda/stem.hpp"
#include "engine/cuda/strided_stem.hpp"
#include "engine/cuda/window_contrast.hpp"

namespace lmc::engine::cuda {

/// A CUDA stream (cudaStream_t), named without CUDA's headers.
using Stream = void*;

/// Start a kernel on the current device and return at once.
/// @throws std::runtime_error when it cannot be started
void launch(const MeasureContrast& kernel, Stream stream);
void launch(const Stem& kernel, Stream stream);
void launch(const SumChannels& kernel, Stream stream);
void launch(const FinishNorm& kernel, Stream stream);
void launch(const ApplyNorm& kernel, Stream stream);
void launch(const Head& kernel, Stream stream);
void launch(const StridedStem& kernel, Stream stream);
void launch(const AddBias& kernel, Stream stream);
void launch(const JoinChannels& kernel, Stream stream);
void launch(const GatherWindows& kernel, Stream stream);
void launch(const BlendWindows& kernel, Stream stream);

} // namespace lmc::engine::cuda
