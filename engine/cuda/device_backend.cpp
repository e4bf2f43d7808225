// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/device_backend.hpp"

#include <ATen/ops/_convolution.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace lmc::engine::cuda {

void DeviceBackend::run(const KernelCall& call) {
  launch(call, c10::cuda::getCurrentCUDAStream().stream());
}

// With these flags LibTorch hands over to cuDNN whatever the process-wide settings are. NHWC in
// gives NHWC out; contiguous() then does nothing.
at::Tensor DeviceBackend::convolve(const at::Tensor& input, const at::Tensor& weight,
                                   const ConvShape& shape) {
  constexpr bool benchmark = false;
  constexpr bool deterministic = true;
  constexpr bool cudnn = true;
  constexpr bool tf32 = false;
  return at::_convolution(input, weight, {}, {shape.stride, shape.stride},
                          {shape.padding, shape.padding}, {1, 1}, false, {0, 0}, shape.groups,
                          benchmark, deterministic, cudnn, tf32)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

void launch_on(c10::Device device, const KernelCall& call) {
  const c10::cuda::CUDAGuard guard{device};
  launch(call, c10::cuda::getCurrentCUDAStream().stream());
}

} // namespace lmc::engine::cuda
