// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lmc::model {

// Far above every published network, low enough that no size of a tensor overflows.
inline constexpr std::int64_t max_channels = 4096;
inline constexpr std::int64_t max_blocks = 256;

/// What a tensor is, which decides how it is initialised.
enum class Fill {
  conv_weight,
  deconv_weight,
  bias,
  bn_weight,
  bn_bias,
  bn_mean,
  bn_var,
  bn_count, ///< batches seen, int64; every other tensor is float32
};

/// One tensor that a network reads from its state dict.
struct TensorSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  Fill fill = Fill::bias;
  double fan_in = 0; ///< inputs that are summed for one output; 0 where it has no meaning
  double gain = 1;   ///< factor of the formula weights
};

/// The tensors of a network in state-dict order.
using TensorSpecs = std::vector<TensorSpec>;

/// A convolution's place in a network and its weight's sizes.
struct ConvSpec {
  std::string name; ///< without ".weight"
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  std::int64_t kernel = 0;
  std::int64_t groups = 1;
  bool bias = true;
  double gain = 1;
};

/// Appends weight [outputs, inputs / groups, kernel, kernel] and bias.
void add_conv(TensorSpecs& specs, const ConvSpec& conv);

/// Appends a stride-2 transposed convolution: weight [inputs, outputs, kernel, kernel] and bias.
void add_deconv(TensorSpecs& specs, const ConvSpec& conv);

/// Appends weight, bias and running statistics of a batch norm. `gain` belongs to the weight.
void add_batch_norm(TensorSpecs& specs, const std::string& name, std::int64_t channels,
                    double gain = 1);

} // namespace lmc::model
