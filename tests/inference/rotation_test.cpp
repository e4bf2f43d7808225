// SPDX-License-Identifier: Apache-2.0
#include "inference/rotation.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>
#include <catch2/catch.hpp>

using namespace lmc::inference;

namespace {

at::Tensor ramp() {
  return at::arange(6, at::kFloat).view({2, 3});
}

} // namespace

CATCH_TEST_CASE("rotations turn counter-clockwise, as numpy.rot90") {
  // numpy.rot90([[0, 1, 2], [3, 4, 5]], k)
  const at::Tensor once = at::tensor({2.F, 5.F, 1.F, 4.F, 0.F, 3.F}).view({3, 2});
  const at::Tensor twice = at::tensor({5.F, 4.F, 3.F, 2.F, 1.F, 0.F}).view({2, 3});
  const at::Tensor thrice = at::tensor({3.F, 0.F, 4.F, 1.F, 5.F, 2.F}).view({3, 2});
  CATCH_CHECK(rotate(ramp(), 0).equal(ramp()));
  CATCH_CHECK(rotate(ramp(), 1).equal(once));
  CATCH_CHECK(rotate(ramp(), 2).equal(twice));
  CATCH_CHECK(rotate(ramp(), 3).equal(thrice));
}

CATCH_TEST_CASE("every rotation composed with its inverse is the identity") {
  const at::Tensor planes = at::arange(4 * 7 * 13, at::kFloat).view({4, 7, 13});
  for (const std::int64_t quarter_turns : {0, 1, 2, 3, 4, 5, -1}) {
    CATCH_INFO(quarter_turns);
    CATCH_CHECK(rotate_back(rotate(planes, quarter_turns), quarter_turns).equal(planes));
    CATCH_CHECK(rotate(rotate_back(planes, quarter_turns), quarter_turns).equal(planes));
  }
}
