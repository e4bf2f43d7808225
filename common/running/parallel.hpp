// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace lmc {

/// Calls `work(i)` for every i from 0 up to but not `count`, on at most `threads` threads, this one
/// included, each taking the next number when it is free. Fewer where the system gives no more.
/// The first exception ends the loop when the calls that had begun are done, and is thrown here.
/// @throws Interrupted between calls
void parallel_for_each(std::size_t count, int threads,
                       const std::function<void(std::size_t)>& work);

} // namespace lmc
