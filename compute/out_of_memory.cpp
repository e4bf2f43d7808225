// SPDX-License-Identifier: Apache-2.0
#include "compute/out_of_memory.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

namespace lmc::compute {

namespace {

// LibTorch reports failed allocations of the CPU, of cuDNN and of kernel launches as plain errors.
bool says_out_of_memory(std::string_view text) {
  constexpr std::array<std::string_view, 4> signs{"DefaultCPUAllocator", "out of memory",
                                                  "not enough memory", "ALLOC_FAILED"};
  return std::any_of(signs.begin(), signs.end(), [text](std::string_view sign) {
    return text.find(sign) != std::string_view::npos;
  });
}

} // namespace

std::optional<std::string> out_of_memory_in(const std::function<void()>& action) {
  try {
    action();
  } catch (const c10::OutOfMemoryError&) {
    return "the device is out of memory";
  } catch (const c10::Error& error) {
    if (!says_out_of_memory(error.what_without_backtrace())) {
      throw;
    }
    return "out of memory";
  } catch (const std::bad_alloc&) {
    return "out of memory";
  }
  return std::nullopt;
}

} // namespace lmc::compute
