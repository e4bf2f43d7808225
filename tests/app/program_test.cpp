// SPDX-License-Identifier: Apache-2.0
#include "app/program.hpp"

#include <catch2/catch.hpp>

#include <new>
#include <stdexcept>

using lmc::Error;
using lmc::ErrorCode;

CATCH_TEST_CASE("every exception becomes an exit code") {
  const auto code_of = [](auto exception) {
    return lmc::app::run_program([&]() -> int { throw exception; });
  };
  CATCH_CHECK(lmc::app::run_program([] { return 0; }) == 0);
  CATCH_CHECK(code_of(Error{ErrorCode::model_missing, "m", "gone", "fetch it"}) == 4);
  CATCH_CHECK(code_of(std::bad_alloc{}) == 5);
  CATCH_CHECK(
      code_of(std::runtime_error{
          "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried "
          "to allocate 9 bytes"}) == 5);
  CATCH_CHECK(code_of(std::runtime_error{"something else"}) == 1);
}
