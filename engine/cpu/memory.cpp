// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/memory.hpp"

#include <algorithm>

namespace lmc::engine::cpu {

namespace {

/// Large places lie as memory of their own would: at the start of a huge page.
constexpr Index huge_page_floats = (Index{1} << 21) / Index{sizeof(float)};

} // namespace

void Memory::reserve(Index floats) {
  buffer_ = Buffer{}; // before the new one is made, for the memory
  buffer_ = Buffer{floats};
}

std::shared_ptr<float> Memory::take(Index floats) {
  const Index unit = floats < huge_page_floats ? line_floats : huge_page_floats;
  const auto rounded = [unit](Index place) { return divide_up(place, unit) * unit; };
  Index begin = 0;
  for (const auto& [other, end] : taken_) {
    if (begin + floats <= other) {
      break;
    }
    begin = rounded(end);
  }
  const Index end = begin + rounded(floats);
  taken_.emplace(begin, end);
  most_ = std::max(most_, end);
  float* const memory = buffer_.size() == 0 ? nullptr : buffer_.data() + begin;
  return {memory, [this, begin](float*) { taken_.erase(begin); }};
}

} // namespace lmc::engine::cpu
