// SPDX-License-Identifier: Apache-2.0
#include "model/tensor_spec.hpp"

namespace lmc::model {

namespace {

void add_bias(TensorSpecs& specs, const ConvSpec& conv) {
  if (conv.bias) {
    specs.push_back({conv.name + ".bias", {conv.outputs}, Fill::bias, 0, 1});
  }
}

} // namespace

void add_conv(TensorSpecs& specs, const ConvSpec& conv) {
  const std::int64_t inputs = conv.inputs / conv.groups;
  specs.push_back({conv.name + ".weight",
                   {conv.outputs, inputs, conv.kernel, conv.kernel},
                   Fill::conv_weight,
                   static_cast<double>(inputs * conv.kernel * conv.kernel),
                   conv.gain});
  add_bias(specs, conv);
}

void add_deconv(TensorSpecs& specs, const ConvSpec& conv) {
  // At stride 2 a quarter of the kernel meets each output pixel.
  specs.push_back({conv.name + ".weight",
                   {conv.inputs, conv.outputs, conv.kernel, conv.kernel},
                   Fill::deconv_weight,
                   static_cast<double>(conv.inputs * conv.kernel * conv.kernel) / 4,
                   conv.gain});
  add_bias(specs, conv);
}

void add_batch_norm(TensorSpecs& specs, const std::string& name, std::int64_t channels,
                    double gain) {
  specs.push_back({name + ".weight", {channels}, Fill::bn_weight, 0, gain});
  specs.push_back({name + ".bias", {channels}, Fill::bn_bias, 0, 1});
  specs.push_back({name + ".running_mean", {channels}, Fill::bn_mean, 0, 1});
  specs.push_back({name + ".running_var", {channels}, Fill::bn_var, 0, 1});
  specs.push_back({name + ".num_batches_tracked", {}, Fill::bn_count, 0, 1});
}

} // namespace lmc::model
