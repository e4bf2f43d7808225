// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace lmc {

/// Threads this process may use: the smallest of the affinity mask and the cgroup's CPU quota
/// (rounded up), at least 1. A container with a quota of 1 on a 64-core host gets 1.
/// @param cgroup_root and `cgroup_file` are replaced in tests only
[[nodiscard]] int available_threads(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup",
                                    const std::filesystem::path& cgroup_file = "/proc/self/cgroup");

/// Bytes this process may still allocate: the smallest of what the cgroup limit, RLIMIT_DATA,
/// RLIMIT_AS and the machine's available memory leave.
[[nodiscard]] std::uint64_t
available_memory(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup",
                 const std::filesystem::path& cgroup_file = "/proc/self/cgroup");

} // namespace lmc
