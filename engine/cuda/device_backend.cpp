// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/device_backend.hpp"

#include "engine/cuda/launch.hpp"

#include <ATen/ops/_convolution.h>
#include <c10/cuda/CUDAStream.h>

namespace lmc::engine::cuda {

namespace {

template <class Kernel> void launch_here(const Kernel& kernel) {
  launch(kernel, c10::cuda::getCurrentCUDAStream().stream());
}

// With these flags LibTorch hands over to cuDNN whatever the process-wide settings are. NHWC in
// gives NHWC out; contiguous() then does nothing.
at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const ConvShape& shape,
                       bool transposed, bool tune_plans) {
  const std::int64_t output_padding = transposed ? 1 : 0;
  return at::_convolution(input, weight, {}, {shape.stride, shape.stride},
                          {shape.padding, shape.padding}, {1, 1}, transposed,
                          {output_padding, output_padding}, shape.groups, tune_plans, !tune_plans,
                          true, false)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace

void DeviceBackend::run(const MeasureContrast& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const Stem& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const SumChannels& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const FinishNorm& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const ApplyNorm& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const Head& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const StridedStem& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const AddBias& kernel) {
  launch_here(kernel);
}

void DeviceBackend::run(const JoinChannels& kernel) {
  launch_here(kernel);
}

at::Tensor DeviceBackend::convolve(const at::Tensor& input, const at::Tensor& weight,
                                   const ConvShape& shape) {
  return convolution(input, weight, shape, false, tune_plans_);
}

at::Tensor DeviceBackend::convolve_transposed(const at::Tensor& input, const at::Tensor& weight) {
  return convolution(input, weight, {.stride = 2, .padding = 1}, true, tune_plans_);
}

} // namespace lmc::engine::cuda
