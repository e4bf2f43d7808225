// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/network.hpp"
#include "model/storage/weights.hpp"

#include <c10/core/Device.h>

#include <memory>
#include <string>
#include <string_view>

namespace lmc::app {

/// What `--engine` asks for.
enum class EngineChoice {
  automatic, ///< the native engine for networks it runs on the device, LibTorch for the others
  native,    ///< kernels of our own, or an error
  torch,     ///< LibTorch's own layers, the definition of the networks
};

/// How `engine_name` calls LibTorch's own layers.
inline constexpr const char* torch_engine_name = "torch";

/// Reads `auto`, `native` (or `fast`, its earlier name) or `torch`. @throws Error usage for other
/// text
[[nodiscard]] EngineChoice parse_engine(std::string_view text);

/// What runs a network: "native (AVX2)" with its instruction set, "native (CUDA, fp16)", or
/// "torch".
/// @throws Error usage when `native` is asked for and cannot run this network on this device
[[nodiscard]] std::string engine_name(EngineChoice choice, const model::Architecture& architecture,
                                      c10::Device device);

/// Makes a network that `engine_name` names. @throws as engine_name and the networks' constructors
[[nodiscard]] std::unique_ptr<model::Network>
make_network(EngineChoice choice, const model::Weights& weights, c10::Device device);

} // namespace lmc::app
