// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <vector>

namespace lmc::training {

/// Number format that networks compute in. Weights, gradients, losses and optimiser are float32.
enum class Precision {
  fp32,
  bf16, ///< float32's range with 8 bits of precision
  fp16, ///< 11 bits of precision, small range: gradients are scaled
};

/// @throws Error configuration where a device cannot: fp16 is for CUDA only
void require_precision(Precision precision, c10::Device device);

/// While it lives, LibTorch computes convolutions in the format (autocast) in this thread.
class AutocastScope {
public:
  AutocastScope(Precision precision, c10::Device device);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

private:
  Precision precision_;
  c10::DeviceType device_;
};

/// bf16 and fp16 as float32, other formats as they are.
[[nodiscard]] at::Tensor widened(const at::Tensor& tensor);

/// Dynamic loss scaling: small gradients would vanish in fp16. The factor halves when a gradient is
/// not finite, and doubles after 2000 steps without (the constants of PyTorch's GradScaler).
struct LossScale {
  bool active = false;
  double factor = 65536;
  std::int64_t good_steps = 0; ///< since the factor last changed

  /// What losses are multiplied by.
  [[nodiscard]] double multiplier() const { return active ? factor : 1; }

  /// Takes the factor out of gradients. @return whether all of them are finite
  [[nodiscard]] bool unscale(std::vector<at::Tensor> gradients) const;

  /// After a step. @throws Error not_a_number when even a tiny factor is too large
  void update(bool finite);
};

} // namespace lmc::training
