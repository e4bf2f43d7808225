// SPDX-License-Identifier: Apache-2.0
#include "training/mixed_precision.hpp"

#include "common/error.hpp"

#include <ATen/autocast_mode.h>
#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>

#include <algorithm>

namespace lmc::training {

namespace {

constexpr std::int64_t steps_before_growth = 2000;
constexpr double smallest_factor = 1.0 / 65536;
constexpr double largest_factor = 16777216; // 2^24

} // namespace

void require_precision(Precision precision, c10::Device device) {
  if (precision == Precision::fp16 && !device.is_cuda()) {
    throw Error{ErrorCode::configuration, "compute.precision", "is fp16, and the device is the CPU",
                "give fp32, or bf16, or train on a CUDA device"};
  }
}

AutocastScope::AutocastScope(Precision precision, c10::Device device)
    : precision_{precision}, device_{device.type()} {
  if (precision_ != Precision::fp32) {
    at::autocast::set_autocast_dtype(device_,
                                     precision_ == Precision::bf16 ? at::kBFloat16 : at::kHalf);
    at::autocast::set_autocast_enabled(device_, true);
  }
}

AutocastScope::~AutocastScope() {
  if (precision_ != Precision::fp32) {
    at::autocast::set_autocast_enabled(device_, false);
    at::autocast::clear_cache(); // of converted weights, which the optimiser is about to change
  }
}

at::Tensor widened(const at::Tensor& tensor) {
  return at::isReducedFloatingType(tensor.scalar_type()) ? tensor.to(at::kFloat) : tensor;
}

bool LossScale::unscale(std::vector<at::Tensor> gradients) const {
  if (!active || gradients.empty()) {
    return true;
  }
  const auto options = gradients.front().options().dtype(at::kFloat);
  at::Tensor not_finite = at::zeros({}, options);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, not_finite,
                                                 at::full({}, 1 / factor, options));
  return not_finite.item<float>() == 0;
}

void LossScale::update(bool finite) {
  if (!active) {
    return;
  }
  if (!finite) {
    factor /= 2;
    good_steps = 0;
  } else if (++good_steps == steps_before_growth) {
    factor = std::min(2 * factor, largest_factor);
    good_steps = 0;
  }
  if (factor < smallest_factor) {
    throw Error{ErrorCode::not_a_number, "the gradients",
                fmt::format("are not finite in fp16, even with losses times {}", factor),
                "set \"compute.precision\" to bf16 or fp32"};
  }
}

} // namespace lmc::training
