// SPDX-License-Identifier: Apache-2.0
#include "compute/out_of_memory.hpp"

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>
#include <catch2/catch.hpp>

#include <new>
#include <stdexcept>

using lmc::compute::out_of_memory_in;

CATCH_TEST_CASE("every way of running out of memory is told apart from other failures") {
  CATCH_CHECK(out_of_memory_in([] {}) == std::nullopt);
  CATCH_CHECK(out_of_memory_in([] { throw std::bad_alloc(); }) == "out of memory");
  CATCH_CHECK(out_of_memory_in([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no room"); }) ==
              "the device is out of memory");
  CATCH_CHECK(out_of_memory_in([] { TORCH_CHECK(false, "CUBLAS_STATUS_ALLOC_FAILED"); }) ==
              "out of memory");
}

CATCH_TEST_CASE("LibTorch's own refusal of a huge allocation counts as out of memory") {
  CATCH_CHECK(out_of_memory_in([] {
                static_cast<void>(at::empty({std::int64_t{1} << 50}, at::kFloat));
              }) == "out of memory");
}

CATCH_TEST_CASE("other exceptions pass through") {
  CATCH_CHECK_THROWS_AS(out_of_memory_in([] { TORCH_CHECK(false, "shapes differ"); }), c10::Error);
  CATCH_CHECK_THROWS_AS(out_of_memory_in([] { throw std::logic_error("fault"); }),
                        std::logic_error);
}
