// SPDX-License-Identifier: Apache-2.0
#include "model/layers.hpp"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/rand.h>
#include <catch2/catch.hpp>

using namespace lmc;

namespace {

/// A head and what it reads, with gradients.
struct Head {
  Head() {
    at::manual_seed(3);
    for (at::Tensor* const tensor : {&x, &weight, &bias}) {
      tensor->requires_grad_(true);
    }
    state.add("head.weight", weight);
    state.add("head.bias", bias);
  }

  at::Tensor x = at::rand({2, 3, 11, 14}, at::kDouble) - 0.5;
  at::Tensor weight = at::rand({1, 3, 7, 7}, at::kDouble) - 0.5;
  at::Tensor bias = at::rand({1}, at::kDouble);
  model::StateDict state;
};

double largest(const at::Tensor& tensor) {
  return tensor.abs().max().item<double>();
}

} // namespace

CATCH_TEST_CASE("a convolution to one plane is the plain one, and so are its gradients") {
  const Head head;
  const at::Tensor plain = model::conv(head.state, "head", head.x);
  const at::Tensor found = model::conv_to_plane(head.state, "head", head.x);
  CATCH_REQUIRE(found.sizes() == plain.sizes());
  CATCH_CHECK(largest(found - plain) < 1e-13);
  const at::Tensor wanted = at::rand(plain.sizes(), at::kDouble); // no symmetry hides an error
  plain.mul(wanted).sum().backward();
  const at::Tensor expected[] = {head.x.grad().clone(), head.weight.grad().clone(),
                                 head.bias.grad().clone()};
  for (const at::Tensor& tensor : {head.x, head.weight, head.bias}) {
    tensor.grad().zero_();
  }
  found.mul(wanted).sum().backward();
  CATCH_CHECK(largest(head.x.grad() - expected[0]) < 1e-13);
  CATCH_CHECK(largest(head.weight.grad() - expected[1]) < 1e-12);
  CATCH_CHECK(largest(head.bias.grad() - expected[2]) < 1e-12);
}
