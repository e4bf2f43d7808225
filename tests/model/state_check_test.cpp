// SPDX-License-Identifier: Apache-2.0
#include "model/storage/state_check.hpp"

#include "common/error.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include <limits>

using namespace lmc::model;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const Architecture small = GeneratorArchitecture{.filters = 4, .blocks = 1};

} // namespace

CATCH_TEST_CASE("the tensors of an architecture fit it, in any order") {
  const StateDict state = lmc::test::formula_weights(small);
  StateDict reversed;
  for (auto entry = state.end(); entry != state.begin();) {
    --entry;
    reversed.add(entry->first, entry->second);
  }
  CATCH_CHECK_NOTHROW(check_state(small, reversed, "m"));
  CATCH_CHECK(in_order(small, reversed).begin()->first == state.begin()->first);
}

CATCH_TEST_CASE("fault 46: everything that differs is listed at once, long lists are cut") {
  StateDict state;
  int left_out = 0;
  for (const auto& [name, tensor] : lmc::test::formula_weights(small)) {
    if (name.ends_with(".bias") && left_out < 10) {
      ++left_out;
    } else {
      state.add(name, name == "encoder.1.weight" ? at::zeros({1, 2}) : tensor);
    }
  }
  state.add("extra", at::zeros({1}));
  CATCH_CHECK_THROWS_WITH(
      check_state(small, state, "m.safetensors"),
      StartsWith("error[E404] m.safetensors: ") && Contains("10 missing tensors (") &&
          Contains(", ...)") && Contains("1 unexpected tensor (extra)") &&
          Contains("1 misshaped tensor (encoder.1.weight is [1, 2], needs [4, 1, 7, 7])"));
}

CATCH_TEST_CASE("values that are not finite are counted") {
  StateDict state;
  at::Tensor tensor = at::zeros({300});
  tensor[7].fill_(std::numeric_limits<float>::quiet_NaN());
  tensor[299].fill_(-std::numeric_limits<float>::infinity());
  state.add("a", tensor);
  CATCH_CHECK_THROWS_WITH(check_finite(state, "m"),
                          Contains("tensor a has 2 of 300 values that are NaN or infinite"));
}
