// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/cuda_host.hpp"

#include "model/networks.hpp"
#include "tests/engine/cuda_numbers.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

#include <cmath>

namespace lmc::engine::cuda::test {

namespace {

at::Tensor floats(const at::Tensor& x) {
  return x.to(at::kFloat);
}

at::Tensor nhwc_halves(const at::Tensor& x) {
  return x.to(at::kHalf).contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace

at::Tensor HostBackend::convolve(const at::Tensor& input, const at::Tensor& weight,
                                 const ConvShape& shape) {
  return nhwc_halves(
      at::conv2d(floats(input), floats(weight), {}, shape.stride, shape.padding, 1, shape.groups));
}

at::Tensor normal_tensor(at::IntArrayRef sizes, unsigned seed, float deviation) {
  const Numbers<float> numbers =
      normal_floats(static_cast<int>(c10::multiply_integers(sizes)), seed, deviation);
  return at::from_blob(const_cast<float*>(numbers.data()), sizes, at::kFloat).clone();
}

at::Tensor exact_prediction(const model::Architecture& architecture, const model::StateDict& state,
                            const at::Tensor& windows, Modality modality) {
  model::StateDict doubles;
  for (const auto& [name, tensor] : state) {
    doubles.add(name, tensor.is_floating_point() ? tensor.to(at::kDouble) : tensor);
  }
  return model::forward(architecture, doubles, windows.to(at::kDouble),
                        model::modality_code(modality).to(at::kDouble));
}

void check_close(const at::Tensor& result, const at::Tensor& expected, const Allowed& allowed) {
  CATCH_REQUIRE(result.sizes() == expected.sizes());
  const at::Tensor difference = result.to(at::kDouble).sub(expected);
  CATCH_CHECK(std::sqrt(difference.square().mean().item<double>()) < allowed.rms);
  CATCH_CHECK(difference.abs().max().item<double>() < allowed.largest);
}

} // namespace lmc::engine::cuda::test
