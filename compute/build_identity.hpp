// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/version.hpp"

#include <fmt/format.h>
// The header moved in LibTorch 2.9.
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif

#include <string>

namespace lmc::compute {

/// Of the headers that this was compiled with, "2.11.0".
inline constexpr const char* libtorch_version = TORCH_VERSION;

/// Version, revision and LibTorch version of this build: programs and their plug-ins must agree.
[[nodiscard]] inline std::string build_identity() {
  return fmt::format("{} {} with LibTorch {}", version(), git_revision(), libtorch_version);
}

} // namespace lmc::compute
