// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/backend.hpp"

namespace lmc::engine::cuda {

/// Kernels on the current stream of the current device, convolutions by cuDNN on its tensor cores.
class DeviceBackend final : public Backend {
public:
  /// @param tune_plans cuDNN times its algorithms for every new shape; else its heuristics choose
  /// among the deterministic ones
  explicit DeviceBackend(bool tune_plans) : tune_plans_{tune_plans} {}

  void run(const MeasureContrast& kernel) override;
  void run(const Stem& kernel) override;
  void run(const SumChannels& kernel) override;
  void run(const FinishNorm& kernel) override;
  void run(const ApplyNorm& kernel) override;
  void run(const Head& kernel) override;
  void run(const StridedStem& kernel) override;
  void run(const AddBias& kernel) override;
  void run(const JoinChannels& kernel) override;
  [[nodiscard]] at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                                    const ConvShape& shape) override;
  [[nodiscard]] at::Tensor convolve_transposed(const at::Tensor& input,
                                               const at::Tensor& weight) override;

private:
  bool tune_plans_;
};

} // namespace lmc::engine::cuda
