// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_weights.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>

namespace lmc::engine::cuda {

at::Tensor view_of(std::span<const float> values, at::IntArrayRef sizes) {
  // from_blob takes no constant pointer; nothing writes through it.
  return at::from_blob(const_cast<float*>(values.data()), sizes, at::kFloat);
}

at::Tensor rows_of(const std::vector<std::vector<float>>& rows) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(rows.size());
  for (const std::vector<float>& row : rows) {
    tensors.push_back(view_of(row, {std::ssize(row)}));
  }
  return at::stack(tensors);
}

at::Tensor weight_of(const ConvDescription& conv) {
  std::vector<at::Tensor> parts;
  for (std::size_t part = 0; part < conv.weights.size(); ++part) {
    const Index outputs = conv.outputs[part];
    const Index inputs = conv.input_channels() / conv.groups;
    parts.push_back(view_of(conv.weights[part],
                            {conv.transposed ? inputs : outputs, conv.transposed ? outputs : inputs,
                             conv.kernel, conv.kernel}));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts, conv.transposed ? 1 : 0);
}

at::Tensor stem_weight(const StemDescription& stem, c10::Device device) {
  return view_of(stem.weight, {stem.channels, 7, 7}).permute({1, 2, 0}).contiguous().to(device);
}

at::Tensor half_precision(const at::Tensor& weight, c10::Device device) {
  return weight.to(device, at::kHalf).contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace lmc::engine::cuda
