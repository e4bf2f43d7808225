// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace lmc::training {

/// This process among those that train together, and where they meet.
struct Rendezvous {
  int rank = 0;       ///< of this process, from 0
  int size = 1;       ///< processes in all
  int local_rank = 0; ///< among the processes on this machine
  int local_size = 1; ///< processes on this machine
  std::string host;
  std::uint16_t port = 29500;
  bool launcher_serves = false; ///< the launcher runs the store; else process 0 does
  std::string attempt = "0";    ///< the launcher's count of restarts
};

/// Value of an environment variable, nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The variables of this process.
[[nodiscard]] std::optional<std::string> environment_variable(const std::string& name);

/// What a launcher says about this process: torchrun (RANK, WORLD_SIZE, LOCAL_RANK,
/// LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT, TORCHELASTIC_USE_AGENT_STORE), the same variables
/// set by hand, or srun (SLURM_PROCID, SLURM_NTASKS or SLURM_STEP_NUM_TASKS, SLURM_LOCALID, with
/// MASTER_ADDR and MASTER_PORT).
/// @return nothing when this process is alone
/// @throws Error configuration naming the variable, the value seen and what is allowed
[[nodiscard]] std::optional<Rendezvous>
find_rendezvous(const Environment& environment = environment_variable);

} // namespace lmc::training
