// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <span>

namespace lmc::training {

/// Sums over the processes that train together.
class GradientExchange {
public:
  GradientExchange() = default;
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;
  virtual ~GradientExchange() = default;

  /// Replaces every tensor by its sum over all processes; all call with the same shapes.
  virtual void sum(std::span<const at::Tensor> tensors) = 0;
};

} // namespace lmc::training
