// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"

#include <functional>
#include <optional>

namespace lmc::app {

/// Any exception as an Error: std::bad_alloc and LibTorch's out-of-memory become `memory`, what we
/// do not expect becomes `internal` with the exception's first line.
[[nodiscard]] Error as_error(const std::exception& exception);

/// Runs `action`; the error that it ended with, if it did. @throws Interrupted
[[nodiscard]] std::optional<Error> error_of(const std::function<void()>& action);

/// Runs a program's body: installs the interrupt handlers and turns every exception into the exit
/// code and the last stderr line that docs/errors.md promises.
/// @return the body's value, or the exit code of what it threw
[[nodiscard]] int run_program(const std::function<int()>& body);

} // namespace lmc::app
