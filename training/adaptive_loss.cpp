// SPDX-License-Identifier: Apache-2.0
#include "training/adaptive_loss.hpp"

#include <ATen/ops/tensor.h>

namespace lmc::training {

double weight_of(Reduction reduction, std::int64_t samples, std::int64_t planes) {
  return reduction == Reduction::sum_of_organelles
             ? 1
             : static_cast<double>(samples) / static_cast<double>(planes);
}

AdaptiveL1 adaptive_l1(const at::Tensor& predictions, const Batch& batch,
                       const StepOptions& options) {
  std::int64_t planes = 0;
  for (const auto& samples : batch.labelled) {
    planes += static_cast<std::int64_t>(samples.size());
  }
  AdaptiveL1 result;
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (batch.labelled[k].empty()) {
      continue;
    }
    const at::Tensor samples = at::tensor(batch.labelled[k], at::kLong).to(predictions.device());
    const auto of_organelle = [&](const at::Tensor& all) {
      return all.select(1, static_cast<std::int64_t>(k)).index_select(0, samples);
    };
    const double mean = masked_l1(of_organelle(predictions), of_organelle(batch.labels),
                                  of_organelle(batch.masks), options.l1_mask)
                            .item<double>();
    result.organelles[k] = mean;
    result.total = result.total.value_or(0) +
                   options.l1_weight * mean * weight_of(options.reduction, samples.numel(), planes);
  }
  return result;
}

} // namespace lmc::training
