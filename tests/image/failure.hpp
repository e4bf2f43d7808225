// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace lmc::test {

/// Calls `function`, which must throw an Error of this code; returns its cause.
template <class Function> std::string cause_of(ErrorCode code, Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    CATCH_CHECK(static_cast<int>(error.code()) == static_cast<int>(code));
    CATCH_CHECK(std::string{error.what()}.find(error.remedy()) != std::string::npos);
    CATCH_CHECK(!error.remedy().empty());
    return error.cause();
  }
  CATCH_FAIL("nothing was thrown");
  return "";
}

} // namespace lmc::test
