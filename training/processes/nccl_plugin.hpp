// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/plugin.hpp"

#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace c10d {
class Backend;
class Store;
} // namespace c10d

namespace lmc::training {

/// What the library of training/processes/nccl/ exports, through the C function `lmc_nccl`.
/// Programs are linked to LibTorch's CPU part, and NCCL is in the CUDA part.
struct NcclEntry : PluginEntry {
  /// NCCL among the processes that meet in the store.
  /// @throws c10::Error when there is no GPU
  c10::intrusive_ptr<c10d::Backend> (*make)(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                            int size, std::chrono::milliseconds timeout);
};

/// Name of the exported function, `const PluginEntry* lmc_nccl()`.
inline constexpr const char* nccl_symbol = "lmc_nccl";

/// The opened library, or why there is none; neither where it is not wanted.
struct NcclPlugin {
  const NcclEntry* entry = nullptr;
  std::string why_not = {}; ///< as the end of "NCCL ..."
};

/// Opens the library. LibTorch's CUDA part has to be loaded already.
[[nodiscard]] NcclPlugin
open_nccl(const std::filesystem::path& library = plugin_library("liblmc_nccl.so"));

} // namespace lmc::training
