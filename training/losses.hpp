// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace lmc::training {

/// How pixel weights enter the L1 loss.
enum class L1Mask {
  per_pixel,            ///< mean(mask * |difference|), the paper's
  upstream_scalar_mask, ///< mean(mask) * mean(|difference|), the published pix2pix code's
  none,                 ///< mean(|difference|)
};

/// L1 loss of one organelle over its labelled samples.
/// @param prediction, label, mask of the same shape
/// @return a scalar
[[nodiscard]] at::Tensor masked_l1(const at::Tensor& prediction, const at::Tensor& label,
                                   const at::Tensor& mask, L1Mask kind);

/// Binary cross entropy of a discriminator's logits with "real" (1) or "fake" (0), mean over all
/// logits.
[[nodiscard]] at::Tensor gan_loss(const at::Tensor& logits, bool real);

} // namespace lmc::training
