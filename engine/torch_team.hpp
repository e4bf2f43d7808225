// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/team.hpp"

namespace lmc::engine {

/// LibTorch's own threads (`at::set_num_threads`, which the programs set to the CPU quota). They
/// are asked for work by `at::parallel_for`, so that the process never has two pools that spin
/// against each other. Each takes the next block when it is done with one: cores of a shared
/// machine are unequally fast.
class TorchTeam final : public cpu::Team {
public:
  [[nodiscard]] int size() const override;
  void run(cpu::Index blocks,
           const std::function<void(cpu::Index block, int member)>& body) override;
};

} // namespace lmc::engine
