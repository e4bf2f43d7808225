// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hwy/targets.h>

#include <cstdint>
#include <string>

namespace lmc::bench {

/// Leaves only the instruction set asked for, by Highway's name (AVX3, AVX2, SSE4), for measuring
/// as on a machine without the others.
inline void restrict_instruction_sets(const std::string& name) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (name == hwy::TargetName(target)) {
      hwy::SetSupportedTargetsForTest(target);
    }
  }
}

} // namespace lmc::bench
