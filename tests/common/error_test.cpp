// SPDX-License-Identifier: Apache-2.0
#include "common/error.hpp"

#include <catch2/catch.hpp>

#include <string>

using lmc::Error;
using lmc::ErrorCode;
using lmc::ExitCode;

CATCH_TEST_CASE("an error is one self-contained line") {
  const Error error{ErrorCode::input_corrupt, "a\nb.tiff", "strip 3 ends early", "copy it again"};
  CATCH_CHECK(std::string{error.what()} ==
              "error[E304] a\\nb.tiff: strip 3 ends early; copy it again");
  CATCH_CHECK(error.subject() == "a\nb.tiff");
}

CATCH_TEST_CASE("the hundreds digit of an error is its exit code") {
  const auto exit_of = [](ErrorCode code) { return Error{code, "", "", ""}.exit_code(); };
  CATCH_CHECK(exit_of(ErrorCode::internal) == ExitCode::internal);
  CATCH_CHECK(exit_of(ErrorCode::device) == ExitCode::usage);
  CATCH_CHECK(exit_of(ErrorCode::input_elsewhere) == ExitCode::input);
  CATCH_CHECK(exit_of(ErrorCode::model_foreign) == ExitCode::model);
  CATCH_CHECK(exit_of(ErrorCode::memory) == ExitCode::memory);
  CATCH_CHECK(exit_of(ErrorCode::output_exists) == ExitCode::output);
  CATCH_CHECK(exit_of(ErrorCode::partial) == ExitCode::partial);
}

CATCH_TEST_CASE("control characters are shown, UTF-8 is kept") {
  CATCH_CHECK(lmc::printable("\x1b[31m\t\x7f µm") == "\\x1b[31m\\t\\x7f µm");
}
