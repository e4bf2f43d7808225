// SPDX-License-Identifier: Apache-2.0
#include "training/losses.hpp"

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>

namespace lmc::training {

at::Tensor masked_l1(const at::Tensor& prediction, const at::Tensor& label, const at::Tensor& mask,
                     L1Mask kind) {
  const at::Tensor difference = prediction.sub(label).abs();
  switch (kind) {
  case L1Mask::per_pixel:
    return difference.mul(mask).mean();
  case L1Mask::upstream_scalar_mask:
    return difference.mean().mul(mask.mean());
  case L1Mask::none:
    break;
  }
  return difference.mean();
}

at::Tensor gan_loss(const at::Tensor& logits, bool real) {
  return at::binary_cross_entropy_with_logits(logits, real ? at::ones_like(logits)
                                                           : at::zeros_like(logits));
}

} // namespace lmc::training
