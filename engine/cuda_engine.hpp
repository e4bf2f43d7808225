// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/plugin.hpp"
#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace lmc::engine {

/// What the plug-in library exports, through the C function `lmc_cuda_engine`.
struct CudaEngineEntry : PluginEntry {
  std::unique_ptr<model::Network> (*make)(const model::Weights& weights, c10::DeviceIndex index);
};

/// Name of the exported function, `const PluginEntry* lmc_cuda_engine()`.
inline constexpr const char* cuda_engine_symbol = "lmc_cuda_engine";

/// Where the plug-in belongs: ../lib/liblmc_cuda_engine.so beside the program's folder.
[[nodiscard]] std::filesystem::path cuda_engine_library();

/// An opened plug-in, which stays loaded until the process ends, or why there is none.
struct CudaEngine {
  const CudaEngineEntry* entry = nullptr;
  std::string why_not = {}; ///< as the end of "the native engine ..."; empty when `entry` is set
};

/// Opens a plug-in. LibTorch's CUDA part has to be loaded already (compute/device.hpp does it).
[[nodiscard]] CudaEngine open_cuda_engine(const std::filesystem::path& library);

/// The plug-in at `cuda_engine_library()`, opened on the first call. That needs no device.
[[nodiscard]] const CudaEngine& installed_cuda_engine();

/// Why the CUDA engine does not run a network here, as the end of "the native engine ..."; nothing
/// when it does.
[[nodiscard]] std::optional<std::string>
why_not_native_on_cuda(const model::Architecture& architecture);

/// A network run by the CUDA engine in half precision (statistics and sums in float32).
/// RMS difference to `model::TorchNetwork` a few 1e-3 on the scale of [-1, 1]; windows that half
/// precision cannot represent become NaN.
/// @throws std::invalid_argument for a network that `why_not_native_on_cuda` rules out
[[nodiscard]] std::unique_ptr<model::Network> make_cuda_network(const model::Weights& weights,
                                                                c10::DeviceIndex index);

} // namespace lmc::engine
