// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/processes/nccl_plugin.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <span>
#include <string>

namespace lmc::training {

/// Sums over the processes that train together.
class GradientExchange {
public:
  GradientExchange() = default;
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;
  virtual ~GradientExchange() = default;

  /// Replaces every tensor by its sum over all processes; all call with the same shapes and types.
  /// The sum is the same bits everywhere.
  /// @throws Error peer_lost when another process has ended or does not answer in time
  virtual void sum(std::span<const at::Tensor> tensors) = 0;

  /// Sums tensors of a device there by NCCL from now on, if every process has the plug-in.
  /// Otherwise they go on taking the way over the CPU, and the log says why. All processes call it.
  /// @throws Error device when NCCL cannot start, peer_lost
  virtual void use_nccl(const NcclPlugin& plugin, c10::Device device) = 0;

  /// Tells the others, who are about to lose this process, why.
  virtual void report_failure(const std::string& reason) = 0;
};

} // namespace lmc::training
