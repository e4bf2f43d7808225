// SPDX-License-Identifier: Apache-2.0
#include "common/running/resources.hpp"

#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using lmc::test::TemporaryFolder;

namespace {
void write(const std::filesystem::path& path, const char* text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream{path} << text;
}
} // namespace

CATCH_TEST_CASE("threads follow a version 2 CPU quota, rounded up") {
  const TemporaryFolder root;
  const auto self = root.file("self", "0::/\n");
  const int machine = lmc::available_threads(root.path(), self);
  CATCH_REQUIRE(machine >= 1);
  write(root.path() / "cpu.max", "50000 100000\n");
  CATCH_CHECK(lmc::available_threads(root.path(), self) == 1);
  write(root.path() / "cpu.max", "max 100000\n");
  CATCH_CHECK(lmc::available_threads(root.path(), self) == machine);
  write(root.path() / "cpu.max", "150000 100000\n");
  CATCH_CHECK(lmc::available_threads(root.path(), self) == std::min(machine, 2));
}

CATCH_TEST_CASE("a quota anywhere above the process's own cgroup binds") {
  const TemporaryFolder root;
  const auto self = root.file("self", "0::/user.slice/job\n");
  write(root.path() / "user.slice/cpu.max", "100000 100000\n");
  write(root.path() / "user.slice/job/cpu.max", "max 100000\n");
  CATCH_CHECK(lmc::available_threads(root.path(), self) == 1);
}

CATCH_TEST_CASE("threads follow a version 1 CPU quota") {
  const TemporaryFolder root;
  const auto self = root.file("self", "4:cpu,cpuacct:/docker/x\n");
  write(root.path() / "cpu,cpuacct/docker/x/cpu.cfs_quota_us", "100000\n");
  write(root.path() / "cpu,cpuacct/docker/x/cpu.cfs_period_us", "100000\n");
  CATCH_CHECK(lmc::available_threads(root.path(), self) == 1);
}

CATCH_TEST_CASE("memory follows the cgroup's limit") {
  const TemporaryFolder root;
  const auto self = root.file("self", "0::/\n");
  write(root.path() / "memory.max", "1000000000000000\n");
  CATCH_CHECK(lmc::available_memory(root.path(), self) < 1'000'000'000'000'000);
  write(root.path() / "memory.max", "300000000\n");
  const auto left = lmc::available_memory(root.path(), self);
  CATCH_CHECK(left < 300'000'000);
  CATCH_CHECK(left > 100'000'000);
  write(root.path() / "memory.max", "1000\n");
  CATCH_CHECK(lmc::available_memory(root.path(), self) == 0);
}

CATCH_TEST_CASE("memory follows RLIMIT_DATA, which the platform sets") {
  rlimit before{};
  CATCH_REQUIRE(getrlimit(RLIMIT_DATA, &before) == 0);
  const rlimit tight{std::min<rlim_t>(before.rlim_max, 2'000'000'000), before.rlim_max};
  CATCH_REQUIRE(setrlimit(RLIMIT_DATA, &tight) == 0);
  const auto left = lmc::available_memory();
  setrlimit(RLIMIT_DATA, &before);
  CATCH_CHECK(left < 2'000'000'000);
  CATCH_CHECK(left > 0);
}
