// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace lmc::model {

/// How the layers run.
struct LayerMode {
  bool training = false; ///< dropout drops, batch norms use and update batch statistics
  double dropout = 0.5;  ///< probability while training; 0.5 in the paper
};

/// Stride, zero padding and groups of a convolution.
struct ConvShape {
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t groups = 1;
};

/// Convolution with `<name>.weight` and, if there is one, `<name>.bias`.
[[nodiscard]] at::Tensor conv(const StateDict& state, const std::string& name, const at::Tensor& x,
                              const ConvShape& shape = {});

/// `conv` without padding for a convolution to one channel, differently computed: LibTorch's
/// kernels spend a whole vector of channels on one. On a CPU with gradients 3 to 4 times as fast
/// (7x7, 16 and 64 channels), equal but for rounding.
[[nodiscard]] at::Tensor conv_to_plane(const StateDict& state, const std::string& name,
                                       const at::Tensor& x);

/// 3x3 transposed convolution, stride 2, padding 1, output padding 1: twice the height and width.
[[nodiscard]] at::Tensor deconv(const StateDict& state, const std::string& name,
                                const at::Tensor& x);

/// Instance norm without parameters and running statistics (eps 1e-5, biased variance).
[[nodiscard]] at::Tensor instance_norm(const at::Tensor& x);

/// Batch norm with the parameters and running statistics `<name>.*` (eps 1e-5, momentum 0.1).
[[nodiscard]] at::Tensor batch_norm(const StateDict& state, const std::string& name,
                                    const at::Tensor& x, const LayerMode& mode);

/// Reflection padding by `border` on all four sides.
[[nodiscard]] at::Tensor reflect_pad(const at::Tensor& x, std::int64_t border);

/// 1x1 convolution of modality codes [n, 3] (float) to [n, outputs].
[[nodiscard]] at::Tensor controller(const StateDict& state, const std::string& name,
                                    const at::Tensor& codes);

} // namespace lmc::model
