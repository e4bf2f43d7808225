// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace lmc::app {

/// How the memory is divided while an image is predicted, the next one read and the one before
/// written, bytes.
struct MemoryShares {
  std::uint64_t predicting = 0;
  std::uint64_t reading = 0;
};

/// A quarter of what the prediction does not need is for reading, another for writing; the rest
/// lets the prediction run more windows at a time.
/// @param left bytes that the process may still allocate
/// @param needed by the prediction at least
/// @param writing bytes that writing may still take
/// @return nothing when the steps should not overlap: the prediction needs more than half of what
/// is left, or writing more than its share
[[nodiscard]] constexpr std::optional<MemoryShares>
share_memory(std::uint64_t left, std::uint64_t needed, std::uint64_t writing) {
  if (needed > left / 2 || writing > (left - needed) / 4) {
    return std::nullopt;
  }
  const std::uint64_t share = (left - needed) / 4;
  return MemoryShares{.predicting = left - 2 * share, .reading = share};
}

} // namespace lmc::app
