// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/processes/gradient_exchange.hpp"
#include "training/processes/rendezvous.hpp"

#include <chrono>
#include <memory>

namespace lmc::training {

/// The processes that train together; by default this one alone.
struct ProcessGroup {
  int rank = 0;
  int size = 1;
  int local_rank = 0;                         ///< among the processes on this machine
  int local_size = 1;                         ///< processes on this machine
  std::shared_ptr<GradientExchange> exchange; ///< nothing when alone

  [[nodiscard]] bool leading() const { return rank == 0; }
};

/// Joins the others by LibTorch's own means: a TCP store and Gloo. Tensors on a GPU are summed by
/// way of the CPU, unless `use_nccl` is called.
/// @param timeout for the others to come, and for each exchange later
/// @throws Error peer_lost when they do not come
[[nodiscard]] ProcessGroup join_processes(const Rendezvous& rendezvous,
                                          std::chrono::seconds timeout);

/// Returns when all processes have called it. @throws Error peer_lost
void wait_for_all(const ProcessGroup& processes);

/// `throw_if_interrupted` that all processes agree on: a signal to one of them interrupts all at
/// the same step. @throws Interrupted, Error peer_lost
void throw_if_any_interrupted(const ProcessGroup& processes);

} // namespace lmc::training
