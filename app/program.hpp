// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.hpp"

#include <filesystem>
#include <functional>
#include <optional>

namespace CLI {
class App;
}

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

/// Parses the arguments and runs `body`; prints help or version instead where asked.
/// @return the body's value, 0 after help
/// @throws Error usage for arguments that do not parse
[[nodiscard]] int parse_and_run(CLI::App& program, int argc, const char* const* argv,
                                const std::function<int()>& body);

/// A folder that comes with the program: "weights" or "test_inputs". Looked for beside an installed
/// program (../share/lightmycells/NAME) and in the checkout that it was built in (../../NAME).
/// @throws Error model_missing when it is at neither place
[[nodiscard]] std::filesystem::path bundled_folder(const std::filesystem::path& name);

} // namespace lmc::app
