// SPDX-License-Identifier: Apache-2.0
#include "engine/torch_team.hpp"

#include <ATen/Parallel.h>

#include <atomic>

namespace lmc::engine {

int TorchTeam::size() const {
  return at::get_num_threads();
}

void TorchTeam::run(cpu::Index blocks,
                    const std::function<void(cpu::Index block, int member)>& body) {
  std::atomic<cpu::Index> next{0};
  at::parallel_for(0, size(), 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t member = first; member < last; ++member) {
      for (cpu::Index block = next++; block < blocks; block = next++) {
        body(block, static_cast<int>(member));
      }
    }
  });
}

} // namespace lmc::engine
