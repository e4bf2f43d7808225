// SPDX-License-Identifier: Apache-2.0
#include "model/layers.hpp"

#include "model/norm_epsilon.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/col2im.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/instance_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/reflection_pad2d.h>

#include <optional>

namespace lmc::model {

namespace {

constexpr double norm_momentum = 0.1;

std::optional<at::Tensor> bias_of(const StateDict& state, const std::string& name) {
  const at::Tensor* bias = state.find(name + ".bias");
  return bias == nullptr ? std::nullopt : std::optional<at::Tensor>{*bias};
}

} // namespace

at::Tensor conv(const StateDict& state, const std::string& name, const at::Tensor& x,
                const ConvShape& shape) {
  return at::conv2d(x, state.at(name + ".weight"), bias_of(state, name), shape.stride,
                    shape.padding, 1, shape.groups);
}

at::Tensor conv_to_plane(const StateDict& state, const std::string& name, const at::Tensor& x) {
  const at::Tensor& weight = state.at(name + ".weight"); // [1, inputs, kernel, kernel]
  const std::int64_t kernel = weight.size(2);
  const std::int64_t height = x.size(2) - kernel + 1;
  const std::int64_t width = x.size(3) - kernel + 1;
  // Each row of the kernel gives a plane of its own, in reverse order since col2im scatters: its
  // plane r goes r rows up from the last one. The sum of the shifted planes is the convolution.
  const at::Tensor rows = weight[0].flip(1).transpose(0, 1).unsqueeze(2);
  const at::Tensor planes = at::conv2d(x, rows);
  const at::Tensor wide =
      at::isReducedFloatingType(planes.scalar_type()) ? planes.to(at::kFloat) : planes;
  return at::col2im(wide.flatten(2), {height, width}, {kernel, 1}, {1, 1}, {kernel - 1, 0}, {1, 1})
      .add(state.at(name + ".bias"));
}

at::Tensor deconv(const StateDict& state, const std::string& name, const at::Tensor& x) {
  return at::conv_transpose2d(x, state.at(name + ".weight"), bias_of(state, name), 2, 1, 1);
}

at::Tensor instance_norm(const at::Tensor& x) {
  return at::instance_norm(x, {}, {}, {}, {}, true, norm_momentum, norm_epsilon, true);
}

at::Tensor batch_norm(const StateDict& state, const std::string& name, const at::Tensor& x,
                      const LayerMode& mode) {
  if (mode.training) {
    at::Tensor batches = state.at(name + ".num_batches_tracked");
    batches.add_(1);
  }
  return at::batch_norm(x, state.at(name + ".weight"), state.at(name + ".bias"),
                        state.at(name + ".running_mean"), state.at(name + ".running_var"),
                        mode.training, norm_momentum, norm_epsilon, true);
}

at::Tensor reflect_pad(const at::Tensor& x, std::int64_t border) {
  return at::reflection_pad2d(x, {border, border, border, border});
}

at::Tensor controller(const StateDict& state, const std::string& name, const at::Tensor& codes) {
  return at::linear(codes, state.at(name + ".weight").flatten(1), state.at(name + ".bias"));
}

} // namespace lmc::model
