// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/torch_reference.hpp"

#include <ATen/ops/from_blob.h>

namespace lmc::engine::cpu::test {

namespace {

at::Tensor copied(const float* values, at::IntArrayRef shape) {
  // from_blob takes void*, but the values are only read: the conversion to float64 copies them.
  return at::from_blob(const_cast<float*>(values), shape, at::kFloat).to(at::kDouble);
}

} // namespace

at::Tensor planes_of(const Buffer& pixels, Size size, Index channels) {
  return copied(pixels.data(), {1, size.height, size.width, channels}).permute({0, 3, 1, 2});
}

at::Tensor tensor_of(const std::vector<float>& numbers, at::IntArrayRef shape) {
  return copied(numbers.data(), shape);
}

double largest_difference(const at::Tensor& exact, const Buffer& pixels) {
  const Size size{exact.size(2), exact.size(3)};
  return exact.sub(planes_of(pixels, size, exact.size(1))).abs().max().item<double>();
}

} // namespace lmc::engine::cpu::test
