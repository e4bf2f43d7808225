// SPDX-License-Identifier: Apache-2.0
#include "common/running/resources.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace lmc {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

std::optional<std::string> first_word(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::string word;
  return file >> word ? std::optional{word} : std::nullopt;
}

/// "max" and absent files mean no limit.
std::uint64_t limit_in(const std::filesystem::path& path) {
  const std::optional<std::string> word = first_word(path);
  std::uint64_t value = unlimited;
  if (word) {
    std::from_chars(word->data(), word->data() + word->size(), value);
  }
  return value;
}

/// The folders whose limits bind this process: its own cgroup and all above it (version 2), or the
/// controller's folder (version 1). Inside a container the own cgroup is usually the root.
std::vector<std::filesystem::path> binding_cgroups(const std::filesystem::path& root,
                                                   const std::filesystem::path& cgroup_file,
                                                   const std::string& controller) {
  std::vector<std::filesystem::path> folders{root};
  std::ifstream file{cgroup_file};
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool version_1 =
        ("," + controllers + ",").find("," + controller + ",") != std::string::npos;
    if (!controllers.empty() && !version_1) {
      continue;
    }
    std::filesystem::path folder = version_1 ? root / controllers : root;
    folders.push_back(folder);
    for (const auto& part : std::filesystem::path{line.substr(second + 1)}.relative_path()) {
      folder /= part;
      folders.push_back(folder);
    }
  }
  return folders;
}

std::optional<double> cpu_quota(const std::filesystem::path& folder) {
  double quota = 0;
  double period = 0;
  std::string word;
  if (std::ifstream version_2{folder / "cpu.max"}; version_2 >> word >> period && word != "max") {
    std::istringstream{word} >> quota;
  } else if (std::ifstream version_1{folder / "cpu.cfs_quota_us"}; version_1 >> quota) {
    std::ifstream{folder / "cpu.cfs_period_us"} >> period;
  }
  return quota > 0 && period > 0 ? std::optional{quota / period} : std::nullopt;
}

int affinity_threads() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return CPU_COUNT(&allowed);
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

std::uint64_t meminfo_available() {
  std::ifstream file{"/proc/meminfo"};
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) {
      std::uint64_t kibibytes = 0;
      std::istringstream{line.substr(13)} >> kibibytes;
      return kibibytes * 1024;
    }
  }
  return unlimited;
}

/// Bytes of the kind that `key` in /proc/self/status counts.
std::uint64_t own_usage(const std::string& key) {
  std::ifstream file{"/proc/self/status"};
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key + ":", 0) == 0) {
      std::uint64_t kibibytes = 0;
      std::istringstream{line.substr(key.size() + 1)} >> kibibytes;
      return kibibytes * 1024;
    }
  }
  return 0;
}

std::uint64_t left_of(std::uint64_t limit, std::uint64_t used) {
  if (limit == unlimited) {
    return unlimited;
  }
  return limit > used ? limit - used : 0;
}

std::uint64_t left_of_rlimit(int resource, const std::string& status_key) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 ||
      limit.rlim_cur == RLIM_INFINITY) {
    return unlimited;
  }
  return left_of(limit.rlim_cur, own_usage(status_key));
}

std::uint64_t left_of_cgroup(const std::filesystem::path& folder) {
  // Version 1 writes a huge number for "no limit", which is harmless in a minimum.
  const std::uint64_t limit =
      std::min(limit_in(folder / "memory.max"), limit_in(folder / "memory.limit_in_bytes"));
  if (limit == unlimited) {
    return unlimited;
  }
  // The cgroup's own count includes page cache, which the kernel gives back; ours does not.
  return left_of(limit, own_usage("RssAnon"));
}

} // namespace

int available_threads(const std::filesystem::path& cgroup_root,
                      const std::filesystem::path& cgroup_file) {
  int threads = affinity_threads();
  for (const auto& folder : binding_cgroups(cgroup_root, cgroup_file, "cpu")) {
    if (const std::optional<double> quota = cpu_quota(folder)) {
      threads = std::min(threads, static_cast<int>(std::ceil(*quota)));
    }
  }
  return std::max(threads, 1);
}

std::uint64_t available_memory(const std::filesystem::path& cgroup_root,
                               const std::filesystem::path& cgroup_file) {
  std::uint64_t left = meminfo_available();
  for (const auto& folder : binding_cgroups(cgroup_root, cgroup_file, "memory")) {
    left = std::min(left, left_of_cgroup(folder));
  }
  left = std::min(left, left_of_rlimit(RLIMIT_DATA, "VmData"));
  return std::min(left, left_of_rlimit(RLIMIT_AS, "VmSize"));
}

} // namespace lmc
