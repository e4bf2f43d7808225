// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/networks.hpp"

#include "engine/cpu_network.hpp"
#include "model/torch_network.hpp"
#include "tests/engine/exact_convolution.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

namespace lmc::engine::test {

model::Weights weights_of(const model::Architecture& architecture) {
  model::Weights weights;
  weights.architecture = architecture;
  weights.state = lmc::test::formula_weights(architecture);
  return weights;
}

at::Tensor windows(std::int64_t count, std::int64_t height, std::int64_t width, unsigned seed) {
  std::vector<float> numbers = cpu::test::normal_numbers(count * height * width, seed, 0.4F);
  return at::from_blob(numbers.data(), {count, 1, height, width}, at::kFloat).clone();
}

float max_difference(const at::Tensor& a, const at::Tensor& b) {
  return a.sub(b).abs().max().to(at::kFloat).item<float>();
}

float engine_error(const model::Weights& weights, const at::Tensor& input, Modality modality) {
  const model::TorchNetwork plain{weights, c10::Device{c10::DeviceType::CPU}};
  const CpuNetwork fast{weights};
  return max_difference(plain.predict(input, modality), fast.predict(input, modality));
}

void check_same_bits(const model::Weights& weights, const at::Tensor& three_windows,
                     const at::Tensor& earlier) {
  const CpuNetwork fast{weights};
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor first = fast.predict(three_windows, Modality::dic);
  static_cast<void>(fast.predict(earlier, Modality::dic));
  at::set_num_threads(3);
  CATCH_CHECK(at::equal(first, fast.predict(three_windows, Modality::dic)));
  CATCH_CHECK(at::equal(first[1], fast.predict(three_windows.narrow(0, 1, 1), Modality::dic)[0]));
  at::set_num_threads(threads);
}

} // namespace lmc::engine::test
