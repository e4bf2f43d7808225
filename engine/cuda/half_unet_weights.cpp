// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_unet_weights.hpp"

#include "engine/cuda/host_values.hpp"
#include "engine/unet_weights.hpp"

#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

namespace lmc::engine::cuda {

namespace {

/// Convolutions on their way to the device.
struct Folder {
  c10::Device device;

  /// @param kernel side of the kernel, which also says how many zeros keep the size
  HalfConv conv(const cpu::NormedConv& given, std::int64_t kernel, std::int64_t stride = 1,
                std::int64_t groups = 1) const {
    const std::int64_t outputs = given.outputs();
    const std::int64_t inputs = std::ssize(given.weight) / (outputs * kernel * kernel);
    const at::Tensor weight = view_of(given.weight, {outputs, inputs, kernel, kernel})
                                  .mul(copy_of(given.factor).view({-1, 1, 1, 1}));
    return {.weight = weight.to(device, at::kHalf).contiguous(at::MemoryFormat::ChannelsLast),
            .bias = copy_of(given.shift).to(device),
            .shape = {.stride = stride, .padding = kernel / 2, .groups = groups}};
  }

  HalfBottleneck bottleneck(const cpu::BottleneckWeights& given, std::int64_t stride,
                            std::int64_t groups) const {
    HalfBottleneck result{.conv1 = conv(given.conv1, 1),
                          .conv2 = conv(given.conv2, 3, stride, groups),
                          .conv3 = conv(given.conv3, 1),
                          .projection = std::nullopt};
    if (given.projection) {
      result.projection = conv(*given.projection, 1, stride);
      result.conv3.bias.add_(result.projection->bias);
      result.projection->bias = at::Tensor{};
    }
    return result;
  }

  /// Kernels write eight channels at once.
  HalfConv head(const cpu::NormedConv& given) const {
    const HalfConv exact = conv(given, 3);
    const std::int64_t missing =
        (vector_channels - given.outputs() % vector_channels) % vector_channels;
    const auto padded = [missing](const at::Tensor& values) {
      std::vector<std::int64_t> sizes = values.sizes().vec();
      sizes[0] += missing;
      at::Tensor longer = at::zeros(sizes, values.options());
      longer.narrow(0, 0, values.size(0)).copy_(values);
      return longer;
    };
    return {.weight = padded(exact.weight).contiguous(at::MemoryFormat::ChannelsLast),
            .bias = padded(exact.bias),
            .shape = exact.shape};
  }
};

} // namespace

HalfUnetWeights half_unet_weights(const model::UnetPlusPlusArchitecture& architecture,
                                  const model::StateDict& state, c10::Device device) {
  const cpu::UnetWeights given = unet_weights(architecture, state);
  const Folder folder{device};
  HalfUnetWeights weights;
  weights.stem = view_of(given.stem, {architecture.stem_channels, 7, 7})
                     .permute({1, 2, 0})
                     .contiguous()
                     .to(device);
  weights.steering = unet_steering(architecture, state, Modality::unknown).to(device);
  for (std::size_t stage = 0; stage < given.stages.size(); ++stage) {
    for (const cpu::BottleneckWeights& block : given.stages.at(stage)) {
      std::vector<HalfBottleneck>& blocks = weights.stages.at(stage);
      const std::int64_t stride = stage > 0 && blocks.empty() ? 2 : 1;
      blocks.push_back(folder.bottleneck(block, stride, given.groups));
    }
  }
  for (const cpu::UnetBlockWeights& block : given.decoder) {
    weights.decoder.push_back(
        {.conv1 = folder.conv(block.conv1, 3), .conv2 = folder.conv(block.conv2, 3)});
  }
  weights.head = folder.head(given.head);
  return weights;
}

at::Tensor unet_steering(const model::UnetPlusPlusArchitecture& architecture,
                         const model::StateDict& state, Modality modality) {
  const StemScale scale = stem_scale(architecture, state, modality);
  // The CPU engine's padding is left out.
  return at::stack({copy_of(scale.factor), copy_of(scale.shift)})
      .narrow(1, 0, architecture.stem_channels)
      .contiguous();
}

} // namespace lmc::engine::cuda
