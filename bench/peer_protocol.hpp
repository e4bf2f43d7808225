// SPDX-License-Identifier: Apache-2.0
// What the benchmarks' programs have in common: one line of JSON for each line of standard input.
#pragma once

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <utility>

namespace lmc::bench {

/// Of all threads of this process.
inline double cpu_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// Largest resident memory so far.
inline std::int64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024 * usage.ru_maxrss;
}

/// {"ms": ..., "cpu_ms": ...} of a call.
template <typename Function> nlohmann::json timed(Function&& function) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = cpu_milliseconds();
  std::forward<Function>(function)();
  const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  return {{"ms", passed.count()}, {"cpu_ms", cpu_milliseconds() - cpu_start}};
}

inline void answer(const nlohmann::json& json) {
  std::cout << json.dump() << std::endl; // flushed: the other side waits for it
}

} // namespace lmc::bench
